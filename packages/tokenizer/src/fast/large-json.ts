import { isObject, type Json } from '../json/fields.js';
import { MergeList } from '../models/merge-list.js';
import { type TokenColumns, TokenStore } from '../models/token-store.js';
import { JsonBytes } from './json-bytes.js';
import { idsAutomaton, linesAutomaton, pairsAutomaton, TokenLexer } from './json-tokens.js';

/** Smaller files are left to JSON.parse. */
const LARGE = 1 << 16;
/** Merges looked up at once: what is compiled meanwhile is used from the next call on, sooner than within a loop. */
const STEP = 256;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/**
 * What JSON.parse makes of a tokenizer.json, but with the model's vocabulary as a `TokenStore` and its merges as a
 * `MergeList`: the bulk of such a file, read without making objects and strings of it.
 * @returns undefined where the file is small, or has anything out of the ordinary: then JSON.parse is to read all of it
 */
export function parseLarge(json: string | Uint8Array): unknown {
  if (json.length < LARGE) return undefined;
  const bytes = toBytes(json);
  if (bytes === undefined) return undefined;
  const reader = new JsonBytes(bytes);
  reader.at = find(bytes, '"vocab"');
  if (reader.at < 0) return undefined;
  const vocab = cut(reader, 'vocab', readVocabulary);
  if (vocab === undefined) return undefined;
  const cuts: Cut[] = [vocab];
  if (reader.take(COMMA) && startsWith(bytes, reader.at, '"merges"')) {
    const merges = cut(reader, 'merges', (r) => readMerges(r, vocab.value as TokenStore));
    if (merges === undefined) return undefined;
    cuts.push(merges);
  }
  return join(bytes, cuts, typeof json === 'string');
}

/** A value that was read already, and what stands for it in the rest of the file. */
interface Cut {
  readonly key: string;
  readonly value: TokenStore | MergeList;
  readonly from: number;
  readonly to: number;
  readonly mark: string;
}

/** Reads the value of the key that the reader stands at. */
function cut(reader: JsonBytes, key: string, read: (reader: JsonBytes) => Cut['value'] | undefined): Cut | undefined {
  reader.at += key.length + 2;
  if (!reader.take(COLON)) return undefined;
  const from = reader.at;
  const value = read(reader);
  if (value === undefined) return undefined;
  // Nobody can have written this into a file.
  return { key, value, from, to: reader.at, mark: `${key} ${Math.random()}` };
}

/** JSON.parse of what is left, with the values put back; undefined where they do not belong to the model. */
function join(bytes: Uint8Array, cuts: readonly Cut[], fromString: boolean): unknown {
  const parts: string[] = [];
  let at = 0;
  const decode = (to: number): string => {
    const ignoreBOM = fromString || at > 0;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM }).decode(bytes.subarray(at, to));
  };
  try {
    for (const { from, to, mark } of cuts) {
      parts.push(decode(from), JSON.stringify(mark));
      at = to;
    }
    parts.push(decode(bytes.length));
    const root: unknown = JSON.parse(parts.join(''));
    if (!isObject(root) || !isObject(root.model)) return undefined;
    const { model } = root;
    if (cuts.some(({ key, mark }) => !Object.hasOwn(model, key) || model[key] !== mark)) return undefined;
    for (const { key, value } of cuts) model[key] = value as unknown as Json;
    return root;
  } catch {
    return undefined;
  }
}

/** The file as UTF-8, which it may not be; undefined where it has U+FFFD that may stand for a lone surrogate. */
function toBytes(json: string | Uint8Array): Uint8Array | undefined {
  if (typeof json !== 'string') return json;
  const bytes = new TextEncoder().encode(json);
  for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return undefined;
  }
  return bytes;
}

/** Where the ASCII `word` first stands, or -1. */
function find(bytes: Uint8Array, word: string): number {
  const first = word.charCodeAt(0);
  let at = bytes.indexOf(first);
  while (at >= 0 && !startsWith(bytes, at, word)) at = bytes.indexOf(first, at + 1);
  return at;
}

function startsWith(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

function readVocabulary(reader: JsonBytes): TokenStore | undefined {
  if (!reader.take(OPEN_BRACE)) return undefined;
  const lexer = new TokenLexer(reader);
  if (!lexer.read(idsAutomaton())) return undefined;
  reader.at = lexer.at;
  return TokenStore.of(lexer.columns, lexer.size);
}

/** Of merges as lines and as pairs only one kind may be there. */
function readMerges(reader: JsonBytes, tokens: TokenStore): MergeList | undefined {
  if (!reader.take(OPEN_BRACKET)) return undefined;
  const lines = reader.bytes[reader.at] !== OPEN_BRACKET;
  const lexer = new TokenLexer(reader, tokens);
  if (!lexer.read(lines ? linesAutomaton() : pairsAutomaton())) return undefined;
  reader.at = lexer.at;
  const { columns, size } = lexer;
  // A line of merges.txt that is no merge says its version.
  if (lines && find(columns.pool.subarray(0, columns.starts[size]), '#version') >= 0) return undefined;
  const merges = size / 2;
  const ids = new Int32Array(merges * 3);
  let guess = -1;
  for (let from = 0; from < merges; from += STEP) {
    const to = Math.min(merges, from + STEP);
    if (!findParts(tokens, columns, ids, from, to)) return undefined;
    guess = findResults(tokens, columns, ids, from, to, guess);
  }
  return new MergeList(tokens, lines, ids);
}

/** Writes the ids of the two tokens of the merges `from` to `to`; false where one is none. */
function findParts(
  tokens: TokenStore,
  { pool, starts, hashes }: TokenColumns,
  ids: Int32Array,
  from: number,
  to: number,
): boolean {
  let some = 0;
  for (let merge = from; merge < to; merge++) {
    const part = 2 * merge;
    const left = tokens.find(hashes[part], pool, starts[part], starts[part + 1]);
    const right = tokens.find(hashes[part + 1], pool, starts[part + 1], starts[part + 2]);
    ids[3 * merge] = left;
    ids[3 * merge + 1] = right;
    some |= left | right;
  }
  return some >= 0;
}

/**
 * Writes the ids of what the merges `from` to `to` make, -1 where that is no token. Merges are mostly numbered as they were
 * learnt: `guess` is the id that the first may make; returns that for the next.
 */
function findResults(
  tokens: TokenStore,
  { pool, starts }: TokenColumns,
  ids: Int32Array,
  from: number,
  to: number,
  guess: number,
): number {
  let id = guess;
  for (let merge = from; merge < to; merge++) {
    const start = starts[2 * merge];
    const end = starts[2 * merge + 2];
    if (!tokens.is(id, pool, start, end)) id = tokens.find(tokens.hash(pool, start, end), pool, start, end);
    ids[3 * merge + 2] = id;
    id++;
  }
  return id;
}
