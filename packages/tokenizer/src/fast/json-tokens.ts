import { TokenColumns } from '../models/token-store.js';
import type { JsonBytes } from './json-bytes.js';

// States of the automaton, in the order in which `TokenLexer` asks for them: first those in which it stops.
const FAIL = 0;
const END = 1;
const ESCAPE = 2;
const ESCAPE_2 = 3;
const NEXT = 4;
const GAP = 5;
const BETWEEN = 6;
const ZERO = 7;
const GAP_2 = 8;
const OPEN = 9;
const OPEN_2 = 10;
const ROW = 11;
const ROW_END = 12;
const DIGIT = 13;
/** Behind the end of a token. */
const CLOSED = 14;
const CLOSED_2 = 15;
/** Behind a byte of a token; the seven states after it are within a character of several bytes. */
const STRING = 16;
const STRING_2 = 24;

/** Bytes read at once: what is compiled meanwhile is used from the next call on, sooner than within a loop. */
const STEP = 2048;
const SPACE = 0x20;
const WHITE_SPACE = ' \t\n\r';

/** Next state by state (high bits) and byte. What is not set fails, as do bytes that are no UTF-8. */
class Automaton {
  readonly next = new Uint8Array(32 << 8);

  set(state: number, characters: string, to: number): this {
    for (let i = 0; i < characters.length; i++) this.next[(state << 8) | characters.charCodeAt(i)] = to;
    return this;
  }

  /** A string: `open` is the state behind its quote, `inside` the one behind each of its characters. */
  string(open: number, inside: number, escaped: number, closed: number): this {
    const row = (state: number, from: number, to: number, target: number): void => {
      this.next.fill(target, (state << 8) | from, ((state << 8) | to) + 1);
    };
    for (const state of [open, inside]) {
      row(state, 0x20, 0x7f, inside);
      row(state, 0xc2, 0xdf, inside + 1);
      row(state, 0xe0, 0xef, inside + 2);
      row(state, 0xe0, 0xe0, inside + 4);
      row(state, 0xed, 0xed, inside + 5);
      row(state, 0xf0, 0xf0, inside + 6);
      row(state, 0xf1, 0xf3, inside + 3);
      row(state, 0xf4, 0xf4, inside + 7);
      this.set(state, '"', closed).set(state, '\\', escaped);
    }
    for (let more = 1; more <= 3; more++) row(inside + more, 0x80, 0xbf, inside + more - 1);
    // As in table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing beyond U+10FFFF.
    row(inside + 4, 0xa0, 0xbf, inside + 1);
    row(inside + 5, 0x80, 0x9f, inside + 1);
    row(inside + 6, 0x90, 0xbf, inside + 2);
    row(inside + 7, 0x80, 0x8f, inside + 2);
    return this;
  }
}

/** Behind `{`: tokens and their ids, up to `}`. */
export function idsAutomaton(): Uint8Array {
  const automaton = new Automaton().set(NEXT, WHITE_SPACE, NEXT).set(NEXT, '"', OPEN);
  automaton.string(OPEN, STRING, ESCAPE, CLOSED);
  for (const state of [CLOSED, GAP]) automaton.set(state, WHITE_SPACE, GAP).set(state, ':', BETWEEN);
  automaton.set(BETWEEN, WHITE_SPACE, BETWEEN).set(BETWEEN, '0', ZERO).set(BETWEEN, '123456789', DIGIT);
  automaton.set(DIGIT, '0123456789', DIGIT);
  for (const state of [ZERO, DIGIT, GAP_2]) {
    automaton.set(state, WHITE_SPACE, GAP_2).set(state, ',', NEXT).set(state, '}', END);
  }
  return automaton.next;
}

/** Behind `[`: merges as lines, each of two tokens with a space between, up to `]`. */
export function linesAutomaton(): Uint8Array {
  const automaton = new Automaton().set(NEXT, WHITE_SPACE, NEXT).set(NEXT, '"', OPEN);
  automaton.string(OPEN, STRING, ESCAPE, FAIL).string(CLOSED_2, STRING_2, ESCAPE_2, CLOSED);
  for (const state of [OPEN, STRING]) automaton.set(state, ' ', CLOSED_2);
  for (const state of [CLOSED_2, STRING_2]) automaton.set(state, ' ', FAIL);
  for (const state of [CLOSED, GAP]) automaton.set(state, WHITE_SPACE, GAP).set(state, ',', NEXT).set(state, ']', END);
  return automaton.next;
}

/** Behind `[`: merges as pairs of tokens, up to `]`. */
export function pairsAutomaton(): Uint8Array {
  const automaton = new Automaton().set(NEXT, WHITE_SPACE, NEXT).set(NEXT, '[', ROW);
  automaton.set(ROW, WHITE_SPACE, ROW).set(ROW, '"', OPEN);
  automaton.string(OPEN, STRING, ESCAPE, CLOSED).string(OPEN_2, STRING_2, ESCAPE_2, CLOSED_2);
  for (const state of [CLOSED, GAP]) automaton.set(state, WHITE_SPACE, GAP).set(state, ',', BETWEEN);
  automaton.set(BETWEEN, WHITE_SPACE, BETWEEN).set(BETWEEN, '"', OPEN_2);
  for (const state of [CLOSED_2, GAP_2]) automaton.set(state, WHITE_SPACE, GAP_2).set(state, ']', ROW_END);
  automaton.set(ROW_END, WHITE_SPACE, ROW_END).set(ROW_END, ',', NEXT).set(ROW_END, ']', END);
  return automaton.next;
}

/**
 * Takes tokens out of JSON with one small loop over its bytes: it runs but once in most processes, mostly before it is
 * compiled, and the smaller a loop the sooner it is.
 */
export class TokenLexer {
  readonly columns: TokenColumns;
  /** Number of tokens read. */
  size = 0;
  /** Where the reader stands. */
  at: number;
  readonly #reader: JsonBytes;
  #state = NEXT;
  #end = 0;
  #hash: number;
  /** The number that is being read. */
  #id = 0;

  /** `like`: its hashes are to be comparable with these. */
  constructor(reader: JsonBytes, like?: { seed: number; multiplier: number }) {
    this.#reader = reader;
    this.at = reader.at;
    this.columns = new TokenColumns(reader.bytes.length - reader.at, like);
    this.#hash = this.columns.seed;
  }

  /** Reads to the end of the list; false where the file has anything that the automaton does not know. */
  read(automaton: Uint8Array): boolean {
    for (;;) {
      this.#run(automaton);
      if (this.#state === END) return true;
      if (this.#state === FAIL) return false;
      if (this.#state === ESCAPE || this.#state === ESCAPE_2) {
        const end = this.#escape();
        // An escaped space divides a line as any other.
        if (end < 0 || (this.columns.pool[end - 1] === SPACE && automaton[(STRING << 8) | SPACE] !== STRING))
          return false;
      } else if (this.size === this.columns.hashes.length) {
        this.columns.grow();
      }
    }
  }

  /** Goes on for a step, or until the list ends, something is wrong, an escape is met, or there is no room for more. */
  #run(automaton: Uint8Array): void {
    const { bytes } = this.#reader;
    const { pool, starts, hashes, ids, seed, multiplier } = this.columns;
    const room = hashes.length;
    let { at, size } = this;
    let state = this.#state;
    let end = this.#end;
    let hash = this.#hash;
    let id = this.#id;
    const stop = at + STEP;
    while (at < stop && size < room) {
      const byte = bytes[at++];
      // Behind the last byte it fails as at a byte 0.
      state = automaton[(state << 8) | byte];
      if (state >= STRING) {
        pool[end++] = byte;
        hash = Math.imul(hash ^ byte, multiplier);
      } else if (state >= CLOSED) {
        hashes[size++] = hash;
        starts[size] = end;
        hash = seed;
        id = 0;
      } else if (state === DIGIT) {
        id = id * 10 + byte - 0x30;
        if (id > 0x7fffffff) state = FAIL;
        ids[size - 1] = id;
      }
      if (state < NEXT) break;
    }
    this.at = at;
    this.size = size;
    this.#state = state;
    this.#end = end;
    this.#hash = hash;
    this.#id = id;
  }

  /** Takes the escape whose backslash was just read. Returns where its bytes end, -1 where it means nothing. */
  #escape(): number {
    const { pool, multiplier } = this.columns;
    const end = this.#reader.escape(this.at - 1, pool, this.#end);
    for (let i = this.#end; i < end; i++) this.#hash = Math.imul(this.#hash ^ pool[i], multiplier);
    this.#end = end;
    this.at = this.#reader.at;
    this.#state = this.#state === ESCAPE ? STRING : STRING_2;
    return end;
  }
}
