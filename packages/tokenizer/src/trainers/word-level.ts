import { checkInteger } from '../options.js';
import { checkSpecialTokens, type WordLevelTrainingOptions } from './options.js';
import { type CountedWords, wordText } from './word-table.js';

/** Order of the UTF-8 bytes of two words, which is that of their code points. */
export function compareCodePoints({ units, starts }: CountedWords, a: number, b: number): number {
  const lengthA = starts[a + 1] - starts[a];
  const lengthB = starts[b + 1] - starts[b];
  const common = Math.min(lengthA, lengthB);
  for (let i = 0; i < common; i++) {
    const difference = rank(units[starts[a] + i]) - rank(units[starts[b] + i]);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

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
