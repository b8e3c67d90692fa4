import { isObject, type Json } from '../json/fields.js';
import { MergeList } from '../models/merge-list.js';
import { doubled, TokenStore } from '../models/token-store.js';
import { JsonBytes, skipSpace } from './json-bytes.js';

/** Smaller files are left to JSON.parse. */
const LARGE = 1 << 16;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * What JSON.parse makes of a tokenizer.json, but with the model's vocabulary as a `TokenStore` and its merges as a
 * `MergeList`: the bulk of such a file, read without making objects and strings of it.
 * @returns undefined where the file is small, or has anything out of the ordinary: then JSON.parse is to read all of it
 */
export function parseLarge(json: string | Uint8Array): unknown {
  if (json.length < LARGE) return undefined;
  const bytes = wellFormedBytes(json);
  if (bytes === undefined) return undefined;
  const reader = new JsonBytes(bytes);
  reader.at = find(bytes, '"vocab"');
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

/** The file as UTF-8; undefined where it is not, or has U+FFFD, which may stand for a lone surrogate. */
function wellFormedBytes(json: string | Uint8Array): Uint8Array | undefined {
  let bytes: Uint8Array;
  if (typeof json === 'string') {
    bytes = new TextEncoder().encode(json);
  } else {
    bytes = json;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return undefined;
    }
  }
  for (let at = bytes.indexOf(0xef); at >= 0; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return undefined;
  }
  return bytes;
}

/** Where the ASCII `word` first stands; the end of the bytes where it does not. */
function find(bytes: Uint8Array, word: string): number {
  const first = word.charCodeAt(0);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === first && startsWith(bytes, i, word)) return i;
  return bytes.length;
}

function startsWith(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** One loop over the bytes, so that it is compiled soon: it runs but once in most processes. */
function readVocabulary(reader: JsonBytes): TokenStore | undefined {
  const { bytes } = reader;
  if (!reader.take(OPEN_BRACE)) return undefined;
  const store = new TokenStore(bytes.length - reader.at);
  const { pool, seed, multiplier } = store;
  let at = reader.at;
  let end = 0;
  for (;;) {
    if (bytes[at] !== QUOTE) return undefined;
    at++;
    let hash = seed;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      const from = end;
      if (byte !== BACKSLASH) {
        // Behind the last byte this compares `undefined`, which is refused too.
        if (!(byte >= SPACE)) return undefined;
        pool[end++] = byte;
        at++;
      } else {
        end = reader.escape(at, pool, end);
        if (end < 0) return undefined;
        at = reader.at;
      }
      for (let i = from; i < end; i++) hash = Math.imul(hash ^ pool[i], multiplier);
    }
    at = skipSpace(bytes, at + 1);
    if (bytes[at] !== COLON) return undefined;
    at = skipSpace(bytes, at + 1);
    const first = at;
    let id = 0;
    for (; bytes[at] >= ZERO && bytes[at] <= NINE; at++) id = id * 10 + bytes[at] - ZERO;
    const digits = at - first;
    if (digits < 1 || digits > 10 || id > 0x7fffffff || (digits > 1 && bytes[first] === ZERO)) return undefined;
    store.add(end, hash, id);
    at = skipSpace(bytes, at);
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  reader.at = at + 1;
  return bytes[at] === CLOSE_BRACE && store.build() ? store : undefined;
}

/** Likewise. Of merges as lines and as pairs only one kind may be there. */
function readMerges(reader: JsonBytes, tokens: TokenStore): MergeList | undefined {
  const { bytes } = reader;
  if (!reader.take(OPEN_BRACKET)) return undefined;
  const lines = bytes[reader.at] !== OPEN_BRACKET;
  const out = new Uint8Array(bytes.length - reader.at);
  const { seed, multiplier } = tokens;
  let ids = new Int32Array(3 * 1024);
  let n = 0;
  let at = reader.at;
  for (;;) {
    if (!lines) {
      if (bytes[at] !== OPEN_BRACKET) return undefined;
      at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] !== QUOTE) return undefined;
    at++;
    let end = 0;
    let split = -1;
    let part = seed;
    let left = seed;
    for (;;) {
      const byte = bytes[at];
      const from = end;
      if (lines ? byte === SPACE : byte === QUOTE && split < 0) {
        if (split >= 0) return undefined;
        split = end;
        left = part;
        part = seed;
        at++;
        if (lines) continue;
        at = skipSpace(bytes, at);
        if (bytes[at] !== COMMA) return undefined;
        at = skipSpace(bytes, at + 1);
        if (bytes[at] !== QUOTE) return undefined;
        at++;
        continue;
      }
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) {
        if (!(byte >= SPACE)) return undefined;
        out[end++] = byte;
        at++;
      } else {
        end = reader.escape(at, out, end);
        if (end < 0) return undefined;
        at = reader.at;
      }
      for (let i = from; i < end; i++) part = Math.imul(part ^ out[i], multiplier);
    }
    // A line of merges.txt that is no merge says its version.
    if (split < 0 || (lines && startsWith(out, 0, '#version'))) return undefined;
    if (n + 3 > ids.length) ids = doubled(ids);
    ids[n] = tokens.find(left, out, 0, split);
    ids[n + 1] = tokens.find(part, out, split, end);
    // Merges are mostly numbered as they were learnt.
    const next = n === 0 ? -1 : ids[n - 1] + 1;
    ids[n + 2] = tokens.is(next, out, 0, end) ? next : tokens.find(tokens.hash(out, 0, end), out, 0, end);
    if (ids[n] < 0 || ids[n + 1] < 0) return undefined;
    n += 3;
    at = skipSpace(bytes, at + 1);
    if (!lines) {
      if (bytes[at] !== CLOSE_BRACKET) return undefined;
      at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  reader.at = at + 1;
  return bytes[at] === CLOSE_BRACKET ? new MergeList(tokens, lines, ids.slice(0, n)) : undefined;
}
