import { RandomStream } from '@gerbert/tensor';
import type { Corpus, Document } from './corpus.js';
import { balanced, type LabelledTask } from './task.js';

/** For any text: does the second sentence follow the first, or does it come before it? */
export function orderTask(
  corpus: Corpus,
  { seed, train, test }: { seed: number; train: number; test: number },
): LabelledTask {
  const draw = (documents: readonly Document[], stream: number, count: number) => {
    const random = new RandomStream(seed, stream);
    const long = documents.filter(({ sentences }) => sentences.length >= 2);
    return balanced(count, 2, random, (label) => {
      const { sentences } = long[random.int(long.length)]!;
      const at = random.int(sentences.length - 1);
      const [before, after] = [sentences[at]!, sentences[at + 1]!];
      return label === 0 ? { text: before, pair: after, label } : { text: after, pair: before, label };
    });
  };
  return {
    question: 'Do these neighbouring sentences stand in their order, or are they swapped?',
    labels: ['in order', 'swapped'],
    chance: 0.5,
    prompt: ({ text, pair }) => `${text} ${pair}\nIs this the right order? Answer:`,
    verbalizers: [' yes', ' no'],
    train: draw(corpus.train, 91, train),
    test: draw(corpus.test, 92, test),
  };
}
