import { cl100kPretokens } from './cl100k-scanner.js';
import { gpt2PretokenEnd } from './gpt2-scanner.js';
import { o200kPretokens } from './o200k-scanner.js';
import { type PretokenEnd, type Scan, scanWith } from './pretoken-scan.js';

export type { PretokenEnd, Scan } from './pretoken-scan.js';

/** Spellings of one part of a pattern, and what each makes of the scanner. */
type Spellings<T> = readonly (readonly [source: string, meaning: T])[];

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const MARK_OR_LETTERS = String.raw`[^\r\n\p{L}\p{N}]?`;
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const MARKS = String.raw` ?[^\s\p{L}\p{N}]+`;

/** Once `\s+(?!\S)` has failed a single white space is left, so that `\s` and `\s+` say the same. */
const WHITE_SPACE: Spellings<boolean> = [
  [String.raw`\s+(?!\S)|\s+`, false],
  [String.raw`\s+(?!\S)|\s`, false],
];

/** The longest spelling that `source` has at `at`. */
function take<T>(source: string, at: number, spellings: Spellings<T>): { next: number; meaning: T } | undefined {
  let found: { next: number; meaning: T } | undefined;
  for (const [spelling, meaning] of spellings) {
    const next = at + spelling.length;
    if (source.startsWith(spelling, at) && next > (found?.next ?? -1)) found = { next, meaning };
  }
  return found;
}

/** What the parts of `source` mean, in order; undefined unless it consists of exactly these parts. */
function takeAll(source: string, parts: readonly Spellings<number | boolean>[]): (number | boolean)[] | undefined {
  const meanings: (number | boolean)[] = [];
  let at = 0;
  for (const spellings of parts) {
    const found = take(source, at, spellings);
    if (found === undefined) return undefined;
    meanings.push(found.meaning);
    at = found.next;
  }
  return at === source.length ? meanings : undefined;
}

function gpt2(source: string): PretokenEnd | undefined {
  const parts: Spellings<boolean>[] = [
    [
      ["'s|'t|'re|'ve|'m|'ll|'d|", true],
      ["'(?:[sdmt]|ll|ve|re)|", true],
    ],
    [
      [String.raw` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|`, true],
      [String.raw` ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|`, true],
      [String.raw` ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|`, true],
    ],
    // What it matches besides, white space that ends the text, is matched whole in any case.
    [
      ['', false],
      [String.raw`\s++$|`, false],
    ],
    WHITE_SPACE,
  ];
  return takeAll(source, parts) && gpt2PretokenEnd;
}

function cl100k(source: string, oniguruma: boolean): PretokenEnd | undefined {
  const meanings = takeAll(source, [
    [
      [`${CONTRACTIONS}|`, true],
      ["'(?i:[sdmt]|ll|ve|re)|", true],
    ],
    [
      [String.raw`${MARK_OR_LETTERS}\p{L}+|`, true],
      [String.raw`${MARK_OR_LETTERS}+\p{L}+|`, true],
      [String.raw`${MARK_OR_LETTERS}+\p{L}++|`, true],
    ],
    [
      [String.raw`\p{N}|`, 1],
      [String.raw`\p{N}{1,3}|`, 3],
      // Oniguruma takes the plus as a second repetition rather than as "possessive".
      [String.raw`\p{N}{1,3}+|`, oniguruma ? Infinity : 3],
      [String.raw`\p{N}+|`, Infinity],
    ],
    [
      [String.raw`${MARKS}[\r\n]*|`, true],
      [String.raw`${MARKS}+[\r\n]*|`, true],
      [String.raw`${MARKS}+[\r\n]*+|`, true],
    ],
    [
      ['', false],
      [String.raw`\s++$|`, true],
    ],
    [
      [String.raw`\s*[\r\n]+|`, true],
      [String.raw`\s*[\r\n]|`, true],
    ],
    WHITE_SPACE,
  ]);
  return meanings && cl100kPretokens({ numbers: meanings[2] as number, wholeTail: meanings[4] as boolean });
}

function o200k(source: string): PretokenEnd | undefined {
  const words = (contraction: string): string =>
    `${MARK_OR_LETTERS}${UPPER}*${LOWER}+${contraction}|${MARK_OR_LETTERS}${UPPER}+${LOWER}*${contraction}|`;
  const meanings = takeAll(source, [
    [
      [words(`${CONTRACTIONS}?`), true],
      [words(''), false],
    ],
    [
      [String.raw`\p{N}|`, 1],
      [String.raw`\p{N}{1,3}|`, 3],
    ],
    [[String.raw`${MARKS}[\r\n/]*|\s*[\r\n]+|`, true]],
    WHITE_SPACE,
  ]);
  return meanings && o200kPretokens({ contractions: meanings[0] as boolean, numbers: meanings[1] as number });
}

/** The engine whose reading of a pattern counts. */
export type PatternEngine = 'oniguruma' | 'rust';

/**
 * The pretokens of a pattern that is known by its source: those of GPT-2, cl100k_base and o200k_base and of models that
 * took them over, as tokenizer.json spells them (for Oniguruma) and as tiktoken does (for Rust's regex crates). The
 * matches are those of the engine and cover all of a text. `undefined`: not a known pattern.
 */
export function knownPretokens(source: string, engine: PatternEngine = 'oniguruma'): PretokenEnd | undefined {
  return gpt2(source) ?? cl100k(source, engine === 'oniguruma') ?? o200k(source);
}

/** The same as a scanner, for Oniguruma's reading. */
export function knownScanner(source: string): Scan | undefined {
  const end = knownPretokens(source);
  return end && scanWith(end);
}
