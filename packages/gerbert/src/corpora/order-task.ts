import { GerbertError, RandomStream } from '@gerbert/tensor';
import type { Corpus, Document } from './corpus.js';
import { balanced, type LabelledTask } from './task.js';

/** How the question is put to a language model, and the answers for "in order" and "swapped". */
const wording = {
  en: { ask: '\nIs this the right order? Answer:', space: ' ', verbalizers: [' yes', ' no'] },
  zh: { ask: '\n顺序对吗？回答：', space: '', verbalizers: ['对', '错'] },
} as const;

/**
 * For any text: do two neighbouring sentences stand in their order, or are they swapped? The words are the same either way; chance is one half.
 * Sentences for measuring come from held-out documents.
 *
 * @throws `CORPUS_TOO_SMALL` where no document to draw from has two sentences
 */
export function orderTask(
  corpus: Corpus,
  { seed, train, test }: { seed: number; train: number; test: number },
): LabelledTask {
  const draw = (documents: readonly Document[], stream: number, count: number) => {
    const random = new RandomStream(seed, stream);
    const long = documents.filter(({ sentences }) => sentences.length >= 2);
    if (long.length === 0) {
      const message = `The corpus ${corpus.name} has no document of two sentences to draw examples from: it needs more text.`;
      throw new GerbertError('CORPUS_TOO_SMALL', message);
    }
    return balanced(count, 2, random, (label) => {
      const { sentences } = long[random.int(long.length)]!;
      const at = random.int(sentences.length - 1);
      const [before, after] = [sentences[at]!, sentences[at + 1]!];
      return label === 0 ? { text: before, pair: after, label } : { text: after, pair: before, label };
    });
  };
  const { ask, space, verbalizers } = wording[corpus.lang];
  return {
    question: 'Do these neighbouring sentences stand in their order, or are they swapped?',
    labels: ['in order', 'swapped'],
    chance: 0.5,
    prompt: ({ text, pair }) => `${text}${space}${pair}${ask}`,
    verbalizers,
    train: draw(corpus.train, 91, train),
    test: draw(corpus.test, 92, test),
  };
}
