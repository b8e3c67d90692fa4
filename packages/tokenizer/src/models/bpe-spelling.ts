import { TokenizerError } from '../errors.js';
import { forUtf8 } from '../text/byte-alphabet.js';
import type { IntList } from '../text/int-list.js';
import type { Symbols } from './bpe-merges.js';
import { byteTokenIds } from './byte-tokens.js';
import type { TokenSink } from './model.js';
import type { Vocabulary } from './vocabulary.js';

export interface SpellingOptions {
  unkToken?: string;
  continuingSubwordPrefix?: string;
  endOfWordSuffix?: string;
  fuseUnk?: boolean;
  byteFallback?: boolean;
}

/** How many bytes the code point has in UTF-8. */
export function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/** Takes words apart into the symbols that BPE begins with: the tokens of their characters. */
export class BpeSpelling {
  readonly #vocabulary: Vocabulary;
  readonly #options: SpellingOptions;
  #byteIds: Int32Array | undefined;
  /** By unit that is a character: its id + 1, or -1 where it has none; 0 while unknown. Only where characters have no affixes. */
  #unitIds: Int32Array | undefined;

  constructor(vocabulary: Vocabulary, options: SpellingOptions) {
    this.#vocabulary = vocabulary;
    this.#options = options;
  }

  /**
   * Fills the symbols, which must be empty, with ends in UTF-16 units from the word's start. Returns false where the
   * symbols do not cover the word, a character each: the ends then count bytes of UTF-8 (see `pushBytewise`).
   * @throws TokenizerError `TOKENIZER_UNK_MISSING`
   */
  spell(text: string, from: number, to: number, symbols: Symbols): boolean {
    const { unkToken, fuseUnk, continuingSubwordPrefix, endOfWordSuffix } = this.#options;
    const plain = !continuingSubwordPrefix && !endOfWordSuffix;
    const { ids, ends } = symbols;
    let unkPending = false;
    for (let i = from; i < to; ) {
      const next = i + (text.codePointAt(i)! > 0xffff ? 2 : 1);
      const id = plain && next === i + 1 ? this.#unitId(text, i) : this.#id(text, i, next, from, to);
      if (id === undefined && (unkToken === undefined || this.#options.byteFallback)) {
        ids.length = 0;
        ends.length = 0;
        this.#spellBytewise(text, from, to, symbols);
        return false;
      }
      if (id === undefined && unkPending && fuseUnk) {
        ends.data[ends.length - 1] = next - from;
      } else {
        ids.push(id ?? this.#unkId());
        ends.push(next - from);
        unkPending = id === undefined;
      }
      i = next;
    }
    return true;
  }

  /**
   * The same with ends in bytes. As in the Rust library, characters that are dropped (unknown, no unknown token) have no
   * length, and an unknown token waits for the next known character even while byte tokens go by.
   */
  #spellBytewise(text: string, from: number, to: number, { ids, ends }: Symbols): void {
    const { unkToken, fuseUnk, byteFallback } = this.#options;
    let end = 0;
    let unkLength = 0;
    const push = (id: number, length: number): void => {
      end += length;
      ids.push(id);
      ends.push(end);
    };
    const flush = (): void => {
      if (unkLength > 0) push(this.#unkId(), unkLength);
      unkLength = 0;
    };
    for (let i = from; i < to; ) {
      const code = text.codePointAt(i)!;
      const next = i + (code > 0xffff ? 2 : 1);
      const character = this.#character(text, i, next, from, to);
      const id = this.#vocabulary.id(character);
      const bytes = id === undefined && byteFallback ? this.#bytesOf(character) : undefined;
      if (id !== undefined) {
        flush();
        push(id, utf8Length(code));
      } else if (bytes !== undefined) {
        for (const byte of bytes) push(byte, 1);
      } else if (unkToken !== undefined) {
        this.#unkId();
        if (!fuseUnk) flush();
        unkLength += utf8Length(code);
      }
      i = next;
    }
    flush();
  }

  #id(text: string, i: number, next: number, from: number, to: number): number | undefined {
    return this.#vocabulary.id(this.#character(text, i, next, from, to));
  }

  #unitId(text: string, i: number): number | undefined {
    this.#unitIds ??= new Int32Array(0x10000);
    const unit = text.charCodeAt(i);
    if (this.#unitIds[unit] === 0) this.#unitIds[unit] = (this.#vocabulary.id(text[i]) ?? -2) + 1;
    const id = this.#unitIds[unit] - 1;
    return id < 0 ? undefined : id;
  }

  #character(text: string, i: number, next: number, from: number, to: number): string {
    const { continuingSubwordPrefix = '', endOfWordSuffix = '' } = this.#options;
    const character = text.slice(i, next);
    return `${i > from ? continuingSubwordPrefix : ''}${character}${next === to ? endOfWordSuffix : ''}`;
  }

  /** Ids of the byte tokens of `text`; undefined where one is missing. */
  #bytesOf(text: string): number[] | undefined {
    this.#byteIds ??= byteTokenIds(this.#vocabulary);
    const byteIds = this.#byteIds;
    const ids: number[] = [];
    for (const character of text) forUtf8(character.codePointAt(0)!, (byte) => ids.push(byteIds[byte]));
    return ids.includes(-1) ? undefined : ids;
  }

  #unkId(): number {
    const token = this.#options.unkToken!;
    const id = this.#vocabulary.id(token);
    if (id !== undefined) return id;
    const message = `BPE: a character is not covered and the unknown token "${token}" is not in the vocabulary; add it.`;
    throw new TokenizerError('TOKENIZER_UNK_MISSING', message);
  }
}

/**
 * Appends the tokens of a word whose ends count bytes: each token covers the characters that its bytes are of, so that the
 * byte tokens of one character all have its span. Bytes beyond the word (of affixes) belong to its last character.
 */
export function pushBytewise(
  text: string,
  from: number,
  to: number,
  tokens: { ids: IntList; ends: IntList },
  sink: TokenSink,
): void {
  let unit = from;
  let next = from;
  /** Bytes up to the end of the character at `unit`. */
  let through = 0;
  const advance = (byte: number): void => {
    while (through <= byte && next < to) {
      const code = text.codePointAt(next)!;
      unit = next;
      next += code > 0xffff ? 2 : 1;
      through += utf8Length(code);
    }
  };
  let start = 0;
  for (let i = 0; i < tokens.ids.length; i++) {
    const end = tokens.ends.data[i];
    advance(start);
    const first = unit;
    advance(end - 1);
    sink.push(tokens.ids.data[i], first, next);
    start = end;
  }
}
