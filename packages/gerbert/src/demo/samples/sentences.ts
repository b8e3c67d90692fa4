import { RandomStream } from '@gerbert/tensor';
import type { Context } from '../context.js';

/** Sentences of held-out documents whose number of words lies in a range, chosen by the seed; where none fits, the first ones there are. */
export function someSentences(
  { corpus, seed }: Context,
  { count, words: [least, most], stream }: { count: number; words: readonly [number, number]; stream: number },
): string[] {
  const all = corpus.test.flatMap(({ sentences }) => sentences);
  const fitting = all.filter((sentence) => {
    const words = wordCount(sentence);
    return words >= least && words <= most;
  });
  const chosen = fitting.length > 0 ? new RandomStream(seed, stream).shuffle(fitting) : all;
  return chosen.slice(0, count);
}

/** Words between spaces; in a script without spaces, half the characters. */
function wordCount(sentence: string): number {
  const spaced = sentence.split(/\s+/u).length;
  return spaced > 2 ? spaced : Math.ceil(sentence.length / 2);
}
