import { RandomStream } from '@gerbert/tensor';
import type { Corpus, Document } from './corpus.js';
import { balanced, type LabelledTask, windowOf } from './task.js';

/** In words; in tokens about 60 to 120. */
const window = { least: 45, most: 90 };
const eras = 4;
/** One common word for each era, oldest first, for a language model to answer with. */
const verbalizers = [' first', ' second', ' third', ' last'];

/**
 * From which era is this passage? The years of the corpus are cut into four spans with equally many documents; examples are windows of 45 to 90
 * words whose digits are masked, equally many of each era; those for measuring come from held-out documents. Undefined where documents have no years.
 */
export function eraTask(
  corpus: Corpus,
  { seed, train, test }: { seed: number; train: number; test: number },
): LabelledTask | undefined {
  const years = [...corpus.train, ...corpus.test].map(({ meta }) => meta?.year ?? Number.NaN);
  if (years.some(Number.isNaN)) return undefined;
  years.sort((a, b) => a - b);
  const cuts = Array.from({ length: eras - 1 }, (_, i) => years[Math.floor(((i + 1) * years.length) / eras)]!);
  const eraOf = ({ meta }: Document) => cuts.filter((cut) => meta!.year! >= cut).length;
  const draw = (documents: readonly Document[], stream: number, count: number) => {
    const random = new RandomStream(seed, stream);
    const byEra = Array.from({ length: eras }, (_, era) => documents.filter((document) => eraOf(document) === era));
    return balanced(count, eras, random, (label) => {
      const own = byEra[label]!;
      const { sentences } = own[random.int(own.length)]!;
      return { text: windowOf(sentences, window, random).replace(/\d/g, '#'), label };
    });
  };
  const bounds = [years[0]!, ...cuts, years.at(-1)! + 1];
  return {
    question: 'From which era is this passage?',
    labels: Array.from({ length: eras }, (_, i) => `${bounds[i]}–${bounds[i + 1]! - 1}`),
    chance: 1 / eras,
    prompt: ({ text }) => `${text}\nThis is from the`,
    verbalizers,
    train: draw(corpus.train, 91, train),
    test: draw(corpus.test, 92, test),
  };
}
