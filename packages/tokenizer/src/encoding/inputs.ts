import { checkList, checkText, checkTexts, invalidInput } from '../options.js';

/** One of a batch: a text, or a text and its pair. */
export type TextInput = string | readonly [text: string, pair: string];

/** One of a batch of texts that are given as words. */
export type WordsInput = readonly string[] | readonly [words: readonly string[], pairWords: readonly string[]];

/**
 * Every text with its pair; `pair` is that of texts that bring none.
 * @throws TokenizerError `TOKENIZER_INPUT_INVALID`, with the number of the text
 */
export function readTextInputs(texts: readonly TextInput[], pair: string | undefined): [string, string | undefined][] {
  checkList(texts, 'encodeBatch: the texts');
  if (pair !== undefined) checkText(pair, 'encodeBatch: pair');
  return texts.map((input, i) => {
    if (!Array.isArray(input)) {
      checkText(input, `encodeBatch: text ${i}`);
      return [input, pair];
    }
    if (input.length !== 2) throw invalidInput(`encodeBatch: text ${i}`, 'a text or [text, pair]', input);
    for (const part of input) checkText(part, `encodeBatch: text ${i}`);
    return [input[0], input[1]];
  });
}

/** The same of texts as words. */
export function readWordsInputs(
  inputs: readonly WordsInput[],
  pairWords: readonly string[] | undefined,
): [readonly string[], readonly string[] | undefined][] {
  checkList(inputs, 'encodeWordsBatch: the texts');
  if (pairWords !== undefined) checkTexts(pairWords, 'encodeWordsBatch: pairWords');
  return inputs.map((input, i) => {
    checkList(input, `encodeWordsBatch: text ${i}`);
    const isPair = input.length === 2 && Array.isArray(input[0]);
    const [words, pair] = isPair ? (input as [string[], string[]]) : [input as readonly string[], pairWords];
    checkTexts(words, `encodeWordsBatch: text ${i}`);
    if (pair !== undefined) checkTexts(pair, `encodeWordsBatch: pair of text ${i}`);
    return [words, pair];
  });
}
