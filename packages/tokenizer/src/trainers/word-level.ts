import { checkInteger } from '../options.js';
import { checkSpecialTokens, type WordLevelTrainingOptions } from './options.js';
import { sorted } from './paced.js';
import type { Pacer } from './pacer.js';
import { type CountedWords, compareCodePoints, wordText } from './word-table.js';

/**
 * The special tokens, then the words by descending count, of equals by code point; the ids count on even where a word is
 * also a special token, which then has its last id (as in the Rust library).
 */
export function wordLevelTraining(options: WordLevelTrainingOptions) {
  const vocabSize = checkInteger(options.vocabSize ?? 30000, 1, 'vocabSize');
  const minFrequency = checkInteger(options.minFrequency ?? 0, 0, 'minFrequency');
  const specialTokens = checkSpecialTokens(options.specialTokens).map(({ content }) => content);
  return async (words: CountedWords, pacer: Pacer): Promise<Map<string, number>> => {
    const { counts } = words;
    const order = await sorted(words.size, pacer, (a, b) => counts[b] - counts[a] || compareCodePoints(words, a, b));
    const frequent = order.filter((w) => counts[w] >= minFrequency);
    const room = Math.max(0, vocabSize - specialTokens.length);
    const tokens = [
      ...specialTokens.slice(0, vocabSize),
      ...Array.from(frequent.subarray(0, room), (w) => wordText(words, w)),
    ];
    return new Map(tokens.map((token, id) => [token, id]));
  };
}
