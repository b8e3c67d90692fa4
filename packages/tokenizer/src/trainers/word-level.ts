import { checkInteger } from '../options.js';
import { checkSpecialTokens, type WordLevelTrainingOptions } from './options.js';
import { type CountedWords, compareCodePoints, wordText } from './word-table.js';

/**
 * The special tokens, then the words by descending count, of equals by code point; the ids count on even where a word is
 * also a special token, which then has its last id (as in the Rust library).
 */
export function wordLevelTraining(options: WordLevelTrainingOptions) {
  const vocabSize = checkInteger(options.vocabSize ?? 30000, 1, 'vocabSize');
  const minFrequency = checkInteger(options.minFrequency ?? 0, 0, 'minFrequency');
  const specialTokens = checkSpecialTokens(options.specialTokens).map(({ content }) => content);
  return (words: CountedWords): Map<string, number> => {
    const { counts } = words;
    const order: number[] = [];
    for (let w = 0; w < words.size; w++) if (counts[w] >= minFrequency) order.push(w);
    order.sort((a, b) => counts[b] - counts[a] || compareCodePoints(words, a, b));
    const room = Math.max(0, vocabSize - specialTokens.length);
    const tokens = [...specialTokens.slice(0, vocabSize), ...order.slice(0, room).map((w) => wordText(words, w))];
    return new Map(tokens.map((token, id) => [token, id]));
  };
}
