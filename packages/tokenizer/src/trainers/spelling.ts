import {
  ALONE,
  type AlphabetOptions,
  alphabet,
  CODE_POINTS,
  countCharacters,
  forCharacters,
  INSIDE,
  INSIDE_LAST,
} from './alphabet.js';
import type { Pacer } from './pacer.js';
import type { SymbolTable } from './symbol-table.js';
import type { CountedWords } from './word-table.js';

export interface SpellingOptions extends AlphabetOptions {
  /** What symbols inside a word begin with; '' for nothing. */
  continuingSubwordPrefix: string;
  /** What the last symbol of a word ends with; '' for nothing. */
  endOfWordSuffix: string;
}

/** Words as sequences of symbol ids, one behind the other. */
export interface SpeltWords {
  readonly symbols: Int32Array;
  /** Word `w` is `symbols` from `starts[w]` to `starts[w + 1]`. */
  readonly starts: Int32Array;
  readonly counts: Float64Array;
  readonly size: number;
}

/** Ids by code point, -1 where a character is no symbol in that place. */
interface Forms {
  first: Int32Array;
  inside: Int32Array;
  last: Int32Array;
  alone: Int32Array;
}

/**
 * Numbers the alphabet and the forms its characters take inside and at the end of words. The Rust library numbers these
 * forms in the order of a hash map, which changes from run to run; here it is first those inside, then those alone or
 * last without prefix, then those inside and last, each by code point.
 */
async function numberForms(
  words: CountedWords,
  symbols: SymbolTable,
  options: SpellingOptions,
  pacer: Pacer,
): Promise<Forms> {
  const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix } = options;
  const characters = await countCharacters(words, pacer);
  // A special token of one character is a character that is known, even where it is not kept.
  const single = symbols.texts.filter((text) => text.length <= 2 && text.length > 0 && isCharacter(text));
  const kept = alphabet(characters, options);
  const first = new Int32Array(CODE_POINTS).fill(-1);
  for (const code of kept) first[code] = symbols.add(String.fromCodePoint(code));
  for (const text of single) first[text.codePointAt(0)!] = symbols.add(text);
  const known = new Set([...kept, ...single.map((text) => text.codePointAt(0)!)]);
  const codes = [...known].sort((a, b) => a - b);
  const form = (place: number, before: string, after: string): Int32Array => {
    if (before === '' && after === '') return first;
    const ids = new Int32Array(CODE_POINTS).fill(-1);
    for (const code of codes) {
      if (characters.places[code] & place) ids[code] = symbols.add(before + String.fromCodePoint(code) + after);
    }
    return ids;
  };
  const inside = form(suffix === '' ? INSIDE | INSIDE_LAST : INSIDE, prefix, '');
  const alone = form(prefix === '' ? ALONE | INSIDE_LAST : ALONE, '', suffix);
  if (suffix === '') return { first, inside, alone, last: inside };
  return { first, inside, alone, last: prefix === '' ? alone : form(INSIDE_LAST, prefix, suffix) };
}

function isCharacter(text: string): boolean {
  return text.length === (text.codePointAt(0)! > 0xffff ? 2 : 1);
}

/** Numbers the characters in `symbols` and spells the words in them; characters that are not kept are left out. */
export async function spellWords(
  words: CountedWords,
  symbols: SymbolTable,
  options: SpellingOptions,
  pacer: Pacer,
): Promise<SpeltWords> {
  const { first, inside, last, alone } = await numberForms(words, symbols, options, pacer);
  const out = new Int32Array(words.starts[words.size]);
  const starts = new Int32Array(words.size + 1);
  let length = 0;
  const put = (code: number, isFirst: boolean, isLast: boolean) => {
    const forms = isLast ? (isFirst ? alone : last) : isFirst ? first : inside;
    const id = forms[code];
    if (id >= 0) out[length++] = id;
  };
  for (let w = 0; w < words.size; w++) {
    forCharacters(words, w, put);
    starts[w + 1] = length;
    if ((w & 1023) === 0 && pacer.due) await pacer.pause();
  }
  return { symbols: out.subarray(0, length), starts, counts: words.counts, size: words.size };
}
