import { TokenizerError } from '../errors.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { gpt2PretokenEnd } from '../pre-tokenizers/gpt2-scanner.js';
import { Pieces, type PreTokenizer } from '../pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from '../text/aligned-text.js';
import { CLASSES, SPACE } from '../unicode/classes.js';
import { wellFormed } from '../unicode/well-formed.js';
import type { Pacer } from './pacer.js';

/** Texts to learn from: lines, documents, anything that may be divided into words by itself. */
export type Corpus = Iterable<string> | AsyncIterable<string>;

/** Divides a text into words, some of it at a time. */
export interface WordSplitter {
  /** Calls `emit` for the words from `from` on, for about `budget` units; returns where it stopped. */
  split(text: string, from: number, budget: number, emit: (word: string) => void): number;
}

/** GPT-2's pretokens, not yet in the byte alphabet; lone surrogates are still in them. */
export const gpt2Splitter: WordSplitter = {
  split(text, from, budget, emit) {
    const stop = from + budget;
    let at = from;
    while (at < text.length && at < stop) {
      const end = gpt2PretokenEnd(text, at, text.length);
      emit(text.slice(at, end));
      at = end;
    }
    return at;
  },
};

function isSpace(text: string, i: number): boolean {
  return (CLASSES[text.charCodeAt(i)] & SPACE) !== 0;
}

/** The first place from `from` on where white space begins: nothing is normalized or joined across it. */
function safeCut(text: string, from: number): number {
  let i = Math.max(1, from);
  while (i < text.length && !(isSpace(text, i) && !isSpace(text, i - 1))) i++;
  return Math.min(i, text.length);
}

/** Words of a normalizer and a pre-tokenizer that splits at white space. */
export function pipelineSplitter(normalizer: Normalizer, preTokenizer: PreTokenizer): WordSplitter {
  return {
    split(text, from, budget, emit) {
      const to = safeCut(text, from + budget);
      const normal = normalizer.normalize(AlignedText.untracked(wellFormed(text.slice(from, to))));
      const pieces = preTokenizer.split(Pieces.whole(normal));
      const { data, length } = pieces.bounds;
      for (let i = 0; i < length; i += 2) emit(pieces.text.text.slice(data[i], data[i + 1]));
      return to;
    },
  };
}

/** A copy of its own: a slice may keep the whole text alive that it was cut from. */
function detach(word: string): string {
  return word.length < 13 ? word : ` ${word}`.slice(1);
}

/** Code units between two looks at the clock. */
const BUDGET = 1 << 13;

/**
 * How often each word of the corpus occurs. `onText` hears the units read so far.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the corpus is one string or holds something else than strings.
 */
export async function countWords(
  corpus: Corpus,
  splitter: WordSplitter,
  pacer: Pacer,
  onText: (units: number) => void,
): Promise<Map<string, number>> {
  if (typeof corpus === 'string') {
    throw new TokenizerError(
      'TOKENIZER_OPTION_INVALID',
      'The corpus must be an iterable of texts: wrap the string, [text].',
    );
  }
  const counts = new Map<string, number>();
  const emit = (word: string): void => {
    const count = counts.get(word);
    if (count === undefined) counts.set(detach(word), 1);
    else counts.set(word, count + 1);
  };
  let units = 0;
  for await (const text of corpus) {
    if (typeof text !== 'string') {
      throw new TokenizerError('TOKENIZER_OPTION_INVALID', `The corpus must hold strings; found ${typeof text}.`);
    }
    for (let at = 0; at < text.length; ) {
      const next = splitter.split(text, at, BUDGET, emit);
      units += next - at;
      at = next;
      if (!pacer.due) continue;
      onText(units);
      await pacer.pause();
    }
  }
  onText(units);
  return counts;
}
