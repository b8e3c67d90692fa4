import type { IntList } from '../text/int-list.js';
import { type Automaton, FIRST_STATE, MATCHED } from './automaton.js';
import { SUCCESS } from './outcomes.js';

/** Reads a text backward through the automaton. */
export class BackwardReader {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;

  constructor(automaton: Automaton, text: string, from: number, to: number) {
    this.#automaton = automaton;
    this.#text = text;
    this.#from = from;
    this.#to = to;
  }

  #context(at: number): number {
    const { contexts } = this.#automaton;
    return contexts.size > 1 ? contexts.at(this.#text, this.#from, this.#to, at) : 0;
  }

  atEnd(): number {
    return this.#automaton.atEnd(this.#context(this.#to));
  }

  /**
   * Reads from `end`, where the state is `id`, down to the first position that is not above `start`. Writes the states to
   * `ids`, whose first entry stands for the position `base`. Returns where it stopped, and the state there.
   */
  read(end: number, start: number, id: number, ids: Uint16Array, base: number): [at: number, id: number] {
    const automaton = this.#automaton;
    const text = this.#text;
    const { alphabet, symbols, states } = automaton;
    const contexts = automaton.contexts.size;
    const { low } = alphabet;
    const inArray = states.symbols > 0;
    let { transitions } = states;
    let state = id;
    let at = end;
    while (at > start) {
      const unit = text.charCodeAt(--at);
      let letter: number;
      if (unit < 0x80) letter = low[unit];
      else if (unit >= 0xdc00 && unit < 0xe000) letter = alphabet.classOf(text.codePointAt(--at)!);
      else letter = alphabet.classOf(unit);
      const context = contexts > 1 ? this.#context(at) : 0;
      const known = inArray ? transitions[state * symbols + letter * contexts + context] : 0;
      if (known > 0) {
        state = known - 1;
      } else {
        state = automaton.before(state, letter, context);
        transitions = states.transitions;
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
export class Search {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #to: number;
  ids: Uint16Array;
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

  constructor(automaton: Automaton, text: string, from: number, to: number, ids: Uint16Array, base: number) {
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
    // Every match but an empty one moves on, and behind an empty one the search does.
    let left = 2 * (end - this.at) + 2;
    while (this.at < end) {
      if (left-- === 0) throw new Error('a search that does not move on');
      if (this.#start < 0) this.#seek(end);
      if (this.#start >= 0 && this.#walk(end)) this.#found(out);
    }
  }

  #seek(end: number): void {
    const { program, states } = this.#automaton;
    const { start, searchStart } = program;
    const { outcomes, stride } = states;
    const { ids, base } = this;
    const text = this.#text;
    const to = this.#to;
    let { at } = this;
    let first = at === this.#searchStart ? searchStart : start;
    while (at < end && outcomes[ids[at - base] * stride + first] !== SUCCESS) {
      at = after(text, at, to);
      first = start;
    }
    this.at = at;
    if (at >= end) return;
    this.#start = at;
    this.#state = first;
  }

  /** Whether the match ends before `end`. */
  #walk(end: number): boolean {
    const automaton = this.#automaton;
    const { walks, size } = automaton.states;
    const { ids, base } = this;
    const text = this.#text;
    const to = this.#to;
    let { at } = this;
    let state = this.#state;
    let next = 0;
    while (at < end) {
      const id = ids[at - base];
      next = walks[id * size + state];
      if (next === 0) next = automaton.step(id, state);
      if (next === MATCHED) break;
      state = next - FIRST_STATE;
      at = after(text, at, to);
    }
    this.at = at;
    this.#state = state;
    return next === MATCHED;
  }

  #found(out: IntList): void {
    const { at } = this;
    if (this.#start === at && at === this.#lastEnd) {
      this.at = after(this.#text, at, this.#to);
      this.#searchStart = this.at;
    } else {
      out.push2(this.#start, at);
      this.#lastEnd = at;
      this.#searchStart = at;
    }
    this.#start = -1;
  }
}

/**
 * Finds all matches with the states of one block at a time: reads the text backward once, keeping only the outcomes at the
 * ends of blocks, then block after block again.
 */
export class BlockSearch {
  readonly #automaton: Automaton;
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;

  constructor(automaton: Automaton, text: string, from: number, to: number) {
    this.#automaton = automaton;
    this.#text = text;
    this.#from = from;
    this.#to = to;
  }

  findAll(out: IntList): void {
    const automaton = this.#automaton;
    const reader = new BackwardReader(automaton, this.#text, this.#from, this.#to);
    const ids = new Uint16Array(automaton.limit + 2);
    const ends = this.#ends(reader, ids);
    const search = new Search(automaton, this.#text, this.#from, this.#to, ids, this.#from);
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
      automaton.makeRoom();
      const id = automaton.stateOf(end.outcomes);
      search.base = search.at;
      reader.read(end.at, search.at, id, ids, search.at);
      ids[end.at - search.at] = id;
      search.run(end.at === this.#to ? this.#to + 1 : end.at, out);
    }
  }

  /** The ends of the blocks, last to first, with the outcomes there. */
  #ends(reader: BackwardReader, ids: Uint16Array): { at: number; outcomes: Uint8Array }[] {
    const automaton = this.#automaton;
    automaton.makeRoom();
    const ends: { at: number; outcomes: Uint8Array }[] = [];
    let at = this.#to;
    let id = reader.atEnd();
    while (at > this.#from) {
      const outcomes = automaton.outcomesOf(id);
      ends.push({ at, outcomes });
      automaton.makeRoom();
      const start = Math.max(this.#from, at - automaton.limit);
      [at, id] = reader.read(at, start, automaton.stateOf(outcomes), ids, start - 1);
    }
    return ends;
  }
}
