import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import { Automaton, MATCHED, type Outcomes, SUCCESS } from './automaton.js';
import { compilePattern } from './compiler.js';
import { parsePattern } from './parser.js';
import { unsupportedPattern } from './syntax.js';

/** States of the automaton, times those of the program, that are kept at most (more or less). */
const MAX_CELLS = 1 << 21;

/** Texts up to this length are read in one go. */
const MAX_WHOLE = 1 << 22;

/**
 * A regular expression in Oniguruma's own syntax and with the results of its backtracking, in time and memory linear in the
 * text, whatever the pattern.
 */
export class RegexPattern {
  readonly source: string;
  readonly #automaton: Automaton;
  /** States of the automaton that are kept. */
  readonly #limit: number;
  /** States by position, for texts of middling size. */
  readonly #ids = new Int32Array(1 << 12);

  /**
   * `where`: path of the pattern, for errors.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, `TOKENIZER_PATTERN_UNSUPPORTED`
   */
  constructor(source: string, where = 'pattern') {
    this.source = wellFormed(source);
    const about = { pattern: this.source, where };
    const program = compilePattern(parsePattern(about), about);
    this.#limit = Math.max(256, Math.floor(MAX_CELLS / program.operations.length));
    try {
      this.#automaton = new Automaton(program);
    } catch (cause) {
      if (cause instanceof RangeError) throw unsupportedPattern(about, 0, 'a pattern with so many large classes');
      throw cause;
    }
  }

  /** See `Pattern.findAll`. */
  findAll(text: string, from: number, to: number, out: IntList): void {
    if (from >= to) return;
    const automaton = this.#automaton;
    if (to - from <= MAX_WHOLE) {
      const ids = to - from < this.#ids.length ? this.#ids : new Int32Array(to - from + 1);
      if (this.#readWhole(text, from, to, ids)) {
        new Search(automaton, text, from, to, ids, from).run(to + 1, out);
        return;
      }
    }
    new BlockSearch(automaton, this.#limit, text, from, to).findAll(out);
  }

  /** Finds the states of all positions; false where they turn out to be too many. */
  #readWhole(text: string, from: number, to: number, ids: Int32Array): boolean {
    const automaton = this.#automaton;
    if (automaton.count > this.#limit) automaton.clear();
    const reader = new BackwardReader(automaton, text, from, to);
    let id = reader.atEnd();
    ids[to - from] = id;
    for (let end = to; end > from; ) {
      const start = Math.max(from, end - this.#limit);
      [end, id] = reader.read(end, start, id, ids, from);
      if (automaton.count > 2 * this.#limit) return false;
    }
    return true;
  }

  toJSON(): JsonObject {
    return { Regex: this.source };
  }
}

/** Reads a text backward through the automaton. */
class BackwardReader {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;
  readonly #looksBack: boolean;

  constructor(automaton: Automaton, text: string, from: number, to: number) {
    this.#automaton = automaton;
    this.#text = text;
    this.#from = from;
    this.#to = to;
    this.#looksBack = automaton.looksBack;
  }

  #context(at: number): number {
    return this.#looksBack ? this.#automaton.context(this.#text, this.#from, this.#to, at) : 0;
  }

  atEnd(): number {
    return this.#automaton.atEnd(this.#context(this.#to));
  }

  /**
   * Reads from `end`, where the state is `id`, down to the first position that is not above `start`. Writes the states to
   * `ids`, whose first entry stands for the position `base`. Returns where it stopped, and the state there.
   */
  read(end: number, start: number, id: number, ids: Int32Array, base: number): [at: number, id: number] {
    const automaton = this.#automaton;
    const text = this.#text;
    const { alphabet, contexts } = automaton;
    const { low } = alphabet;
    let state = id;
    let transitions: Outcomes = automaton.states[state];
    let at = end;
    while (at > start) {
      const unit = text.charCodeAt(--at);
      let letter: number;
      if (unit < 0x80) letter = low[unit];
      else if (unit >= 0xdc00 && unit < 0xe000) letter = alphabet.classOf(text.codePointAt(--at)!);
      else letter = alphabet.classOf(unit);
      const context = this.#looksBack ? this.#context(at) : 0;
      const known = transitions.array === undefined ? -1 : transitions.array[letter * contexts + context];
      const next = known >= 0 ? known : automaton.before(state, letter, context);
      if (next !== state) {
        state = next;
        transitions = automaton.states[state];
      }
      ids[at - base] = state;
    }
    return [at, state];
  }
}

/** Where the code point at `at` ends; one on at the end of the text. */
function after(text: string, at: number, to: number): number {
  return at + 1 < to && (text.charCodeAt(at) & 0xfc00) === 0xd800 ? at + 2 : at + 1;
}

/** Walks forward over positions whose states are known, from match to match. */
class Search {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #to: number;
  ids: Int32Array;
  /** The position that the first of `ids` stands for. */
  base: number;
  /** Where the walk is. */
  at: number;
  /** Where the match begins that is being walked through; -1 outside of matches. */
  #start = -1;
  #state = 0;
  /** Where the search began that goes on now. */
  #searchStart: number;
  /** Where the last match ended. */
  #lastEnd = -1;

  constructor(automaton: Automaton, text: string, from: number, to: number, ids: Int32Array, base: number) {
    this.#automaton = automaton;
    this.#text = text;
    this.#to = to;
    this.ids = ids;
    this.base = base;
    this.at = from;
    this.#searchStart = from;
  }

  /** Goes on up to the position `end`, which is not looked at. */
  run(end: number, out: IntList): void {
    while (this.at < end) {
      if (this.#start >= 0) this.#walk(end, out);
      else this.#seek(end);
    }
  }

  #seek(end: number): void {
    const { program, states } = this.#automaton;
    const { start, searchStart } = program;
    const { ids, base } = this;
    while (this.at < end) {
      const first = this.at === this.#searchStart ? searchStart : start;
      if (states[ids[this.at - base]].of[first] === SUCCESS) {
        this.#start = this.at;
        this.#state = first;
        return;
      }
      this.#advance();
    }
  }

  #advance(): void {
    this.at = after(this.#text, this.at, this.#to);
  }

  #walk(end: number, out: IntList): void {
    const automaton = this.#automaton;
    const { states } = automaton;
    const { ids, base } = this;
    const text = this.#text;
    const to = this.#to;
    let { at } = this;
    let state = this.#state;
    while (at < end) {
      const id = ids[at - base];
      let next = states[id].walk[state];
      if (next === -1) next = automaton.step(id, state);
      if (next === MATCHED) {
        this.at = at;
        this.#found(out);
        return;
      }
      state = next;
      at = after(text, at, to);
    }
    this.at = at;
    this.#state = state;
  }

  #found(out: IntList): void {
    const empty = this.#start === this.at;
    if (empty && this.at === this.#lastEnd) {
      this.#advance();
    } else {
      out.push2(this.#start, this.at);
      this.#lastEnd = this.at;
    }
    this.#start = -1;
    this.#searchStart = this.at;
  }
}

/**
 * Finds all matches with the states of one block at a time: reads the text backward once, keeping only the outcomes at the
 * ends of blocks, then block after block again.
 */
class BlockSearch {
  readonly #automaton: Automaton;
  readonly #limit: number;
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;

  constructor(automaton: Automaton, limit: number, text: string, from: number, to: number) {
    this.#automaton = automaton;
    this.#limit = limit;
    this.#text = text;
    this.#from = from;
    this.#to = to;
  }

  findAll(out: IntList): void {
    const reader = new BackwardReader(this.#automaton, this.#text, this.#from, this.#to);
    const ids = new Int32Array(this.#limit + 2);
    const ends = this.#ends(reader, ids);
    const search = new Search(this.#automaton, this.#text, this.#from, this.#to, ids, this.#from);
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      this.#makeRoom();
      const id = this.#automaton.intern(end.of);
      search.base = search.at;
      reader.read(end.at, search.at, id, ids, search.at);
      ids[end.at - search.at] = id;
      search.run(end.at === this.#to ? this.#to + 1 : end.at, out);
    }
  }

  #makeRoom(): void {
    if (this.#automaton.count > this.#limit) this.#automaton.clear();
  }

  /** The ends of the blocks, last to first, with the outcomes there. */
  #ends(reader: BackwardReader, ids: Int32Array): { at: number; of: Uint8Array }[] {
    this.#makeRoom();
    const ends: { at: number; of: Uint8Array }[] = [];
    let at = this.#to;
    let id = reader.atEnd();
    while (at > this.#from) {
      const { of } = this.#automaton.states[id];
      ends.push({ at, of });
      this.#makeRoom();
      const start = Math.max(this.#from, at - this.#limit);
      [at, id] = reader.read(at, start, this.#automaton.intern(of), ids, start - 1);
    }
    return ends;
  }
}
