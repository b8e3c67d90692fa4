import type { CharSet } from './char-set.js';
import {
  AT_LINE_START,
  AT_START,
  AT_WORD_BOUNDARY,
  CHAR,
  CONDITION,
  type LookBehind,
  NOT_AT_WORD_BOUNDARY,
  type Program,
} from './program.js';
import { propertySet } from './properties.js';
import { orderStates } from './state-order.js';
import { type Anchor, type Source, unsupportedPattern } from './syntax.js';

/**
 * Programs whose worst case costs more than this many plain states are refused. At this size a million characters take two to
 * three seconds at worst (an estimate); the programs of well-known tokenizers cost a third of it or less.
 */
export const MAX_COST = 1300;

/** What a step of a look-behind costs. */
const BEHIND_STEP = 8;

/** What a run of states costs beside the states in it. */
const RUN = 8;

/** What a state inside an atomic group costs. */
const LEVELLED = 2;

/** States and sets of a program that is being made. */
export class ProgramBuilder {
  readonly #source: Source;
  readonly operations: number[] = [];
  readonly a: number[] = [];
  readonly b: number[] = [];
  readonly #levels: number[] = [];
  readonly #made = new Map<string, number>();
  readonly #sets: CharSet[] = [];
  readonly #indexes = new Map<CharSet, number>();
  readonly #byContent = new Map<number, number[]>();
  readonly #lookBehinds: LookBehind[] = [];
  #cost = 0;
  /** How many atomic groups are around the states that are made. */
  level = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The state that does this, made where there is none yet. */
  state(operation: number, a: number, b: number): number {
    const key = `${operation} ${a} ${b} ${this.level}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.newState(operation, a, b);
    this.#made.set(key, made);
    return made;
  }

  newState(operation: number, a: number, b: number): number {
    this.#spend(1);
    this.operations.push(operation);
    this.a.push(a);
    this.b.push(b);
    this.#levels.push(this.level);
    return this.operations.length - 1;
  }

  #spend(cost: number): void {
    this.#cost += cost;
    if (this.#cost > MAX_COST) throw this.tooLarge();
  }

  tooLarge(): Error {
    return unsupportedPattern(this.#source, 0, `a pattern that takes the time of more than ${MAX_COST} states`);
  }

  /** The number of a set. */
  set(set: CharSet): number {
    let index = this.#indexes.get(set);
    if (index === undefined) {
      index = this.#setLike(set) ?? this.#sets.push(set) - 1;
      this.#indexes.set(set, index);
    }
    return index;
  }

  /** The number of a set that holds the same. */
  #setLike(set: CharSet): number | undefined {
    let hash = set.length;
    for (const point of set) hash = Math.imul(hash ^ point, 0x5bd1e995) ^ (hash >>> 15);
    const candidates = this.#byContent.get(hash) ?? [];
    const found = candidates.find(
      (i) => this.#sets[i].length === set.length && this.#sets[i].every((p, k) => p === set[k]),
    );
    if (found === undefined) this.#byContent.set(hash, [...candidates, this.#sets.length]);
    return found;
  }

  /** The number of a look-behind. */
  lookBehind(ways: (CharSet | Anchor)[][]): number {
    this.#spend(BEHIND_STEP * ways.reduce((sum, way) => sum + way.length, 0));
    if (this.#lookBehinds.length === 12) throw unsupportedPattern(this.#source, 0, 'more than 12 look-behinds');
    const numbered = ways.map((way) => way.map((step) => (typeof step === 'string' ? step : this.set(step))));
    return this.#lookBehinds.push(numbered) - 1;
  }

  /** The program, of the states that can be reached, renumbered so that each comes after those it goes to at its position. */
  finish(start: number, searchStart: number): Program {
    const { operations, a, b } = this;
    const { order, runs } = orderStates({ operations, a, b, levels: this.#levels }, [start, searchStart]);
    const renumbered = new Int32Array(operations.length);
    order.forEach((state, i) => {
      renumbered[state] = i;
    });
    this.#cost -= operations.length;
    for (let r = 1; r < runs.length; r++) {
      const each = this.#levels[order[runs[r - 1]]] === 0 ? 1 : LEVELLED;
      this.#spend(RUN + each * (runs[r] - runs[r - 1]));
    }
    const refers = (state: number) => operations[state] !== CHAR && operations[state] !== CONDITION;
    const conditions = new Set(order.filter((state) => operations[state] === CONDITION).map((state) => a[state]));
    return {
      operations: Uint8Array.from(order, (state) => operations[state]),
      runs: Int32Array.from(runs),
      a: Int32Array.from(order, (state) => (refers(state) ? renumbered[a[state]] : a[state])),
      b: Int32Array.from(order, (state) => renumbered[b[state]]),
      levels: Uint8Array.from(order, (state) => this.#levels[state]),
      start: renumbered[start],
      searchStart: renumbered[searchStart],
      wordSet: this.#usesWords(conditions) ? this.set(propertySet('word')!) : -1,
      usesStart: conditions.has(AT_START) || conditions.has(AT_LINE_START),
      sets: this.#sets,
      lookBehinds: this.#lookBehinds,
    };
  }

  #usesWords(conditions: ReadonlySet<number>): boolean {
    if (conditions.has(AT_WORD_BOUNDARY) || conditions.has(NOT_AT_WORD_BOUNDARY)) return true;
    return this.#lookBehinds.some((ways) => ways.some((way) => way.includes('word') || way.includes('notWord')));
  }
}
