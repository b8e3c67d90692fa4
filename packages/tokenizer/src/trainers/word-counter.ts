import { TokenizerError } from '../errors.js';
import type { Pacer } from './pacer.js';
import type { WordSplitter } from './word-splitter.js';
import { type CountedWords, WordTable } from './word-table.js';

/** Texts to learn from: lines, documents, anything that may be divided into words by itself. */
export type Corpus = Iterable<string> | AsyncIterable<string>;

/** Code units between two looks at the clock, in long texts. */
const BUDGET = 1 << 14;
/** Texts between two looks at the clock, in short ones. */
const TEXTS = 64;

function refused(message: string): TokenizerError {
  return new TokenizerError('TOKENIZER_OPTION_INVALID', message);
}

/** The corpus as it may be iterated: what is not asynchronous need not wait for each text. */
function checkCorpus(corpus: Corpus): { sync: Iterable<string> } | { async: AsyncIterable<string> } {
  if (typeof corpus === 'string') throw refused('The corpus must be an iterable of texts: wrap the string, [text].');
  if (typeof corpus === 'object' && corpus !== null) {
    if (Symbol.asyncIterator in corpus) return { async: corpus };
    if (Symbol.iterator in corpus) return { sync: corpus };
  }
  throw refused(`The corpus must be an iterable or async iterable of texts, not ${typeof corpus}.`);
}

/**
 * How often each word of the corpus occurs. `onText` hears the units read so far.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the corpus is one string or holds something else than strings.
 */
export async function countWords(
  corpus: Corpus,
  splitter: WordSplitter,
  pacer: Pacer,
  onText: (units: number) => void,
): Promise<CountedWords> {
  const table = new WordTable();
  let units = 0;
  let texts = 0;
  const rest = async () => {
    onText(units);
    await pacer.pause();
  };
  /** Reads as much of the text as time allows; undefined where all is read, else what is to be awaited. */
  const read = (given: string): Promise<void> | undefined => {
    if (typeof given !== 'string')
      throw refused(`The corpus must hold strings; found ${typeof given} as text ${texts}.`);
    texts++;
    const text = splitter.prepare(given);
    units += given.length - text.length;
    let at = 0;
    const advance = (): boolean => {
      while (at < text.length) {
        const next = splitter.split(text, at, BUDGET, table);
        units += next - at;
        at = next;
        if (at < text.length && pacer.due) return false;
      }
      return true;
    };
    if (advance()) return (texts & (TEXTS - 1)) === 0 && pacer.due ? rest() : undefined;
    return (async () => {
      do await rest();
      while (!advance());
    })();
  };
  const source = checkCorpus(corpus);
  if ('sync' in source) {
    for (const text of source.sync) {
      const pause = read(text);
      if (pause !== undefined) await pause;
    }
  } else {
    for await (const text of source.async) await read(text);
  }
  await rest();
  const words = splitter.finish?.(table) ?? table;
  await pacer.pause();
  return words;
}
