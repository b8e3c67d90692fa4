import { Alphabet } from './alphabet.js';
import { Contexts } from './context.js';
import { Evaluator, SUCCESS } from './outcomes.js';
import { CHAR, CONDITION, ENTER, LOOK, NOT_LOOK, type Program, SPLIT } from './program.js';
import { StateTable } from './state-table.js';

/** What a walk finds where the match ends. */
export const MATCHED = 1;

/** What a walk finds where it goes on in a state: the state plus this. */
export const FIRST_STATE = 2;

/** Transitions are kept in an array up to this many symbols, in a map beyond. */
const ARRAY_SYMBOLS = 1024;

/** States of the automaton, times what is kept for each, that are made until all are forgotten. */
const MAX_CELLS = 1 << 20;

/**
 * Reads a text from its end and knows at each position the outcome of every state of a program: whether matching that goes
 * on there ends in success, and if not, at which level it fails. Outcomes depend only on those one code point further on and
 * on what stands around the position, so that they make a deterministic automaton, whose states are made when first met.
 */
export class Automaton {
  readonly program: Program;
  readonly alphabet: Alphabet;
  readonly contexts: Contexts;
  /** How many symbols there are: classes of code points, and the end of the text, times contexts. */
  readonly symbols: number;
  /** Half as many states as there is room for. */
  readonly limit: number;
  readonly states: StateTable;
  readonly #evaluator: Evaluator;
  /** Transitions where they are too many for an array. */
  readonly #transitions = new Map<number, number>();
  /** States at the end of the text, by context. */
  readonly #ends = new Map<number, number>();
  #followed = 0;

  /** @throws RangeError where the sets of the program are too many and too large */
  constructor(program: Program) {
    const { sets, operations } = program;
    this.program = program;
    this.alphabet = new Alphabet(sets);
    this.contexts = new Contexts(program, this.alphabet);
    this.symbols = (this.alphabet.size + 1) * this.contexts.size;
    const inArray = this.symbols <= ARRAY_SYMBOLS ? this.symbols : 0;
    const size = operations.length;
    this.limit = Math.max(64, Math.min(30_000, Math.floor(MAX_CELLS / (size + inArray))));
    this.states = new StateTable(size, inArray, 2 * this.limit + 4);
    this.#evaluator = new Evaluator(program, this.alphabet, this.contexts, this.states.scratch);
  }

  /** How many states of the program have been looked at so far: what bounds the time of a search, whatever the pattern. */
  get steps(): number {
    return this.#evaluator.steps + this.contexts.steps + this.#followed;
  }

  /** How many more states there is room for. */
  get room(): number {
    return this.states.most - this.states.count;
  }

  /** Forgets all states when there is no room for `limit` more. */
  makeRoom(): void {
    if (this.states.count <= this.limit) return;
    this.states.clear();
    this.#transitions.clear();
    this.#ends.clear();
  }

  /** The state with the outcomes that `outcomesOf` once gave. */
  stateOf(outcomes: Uint8Array): number {
    this.states.scratch.set(outcomes);
    return this.states.intern();
  }

  /** A copy of the outcomes of a state. */
  outcomesOf(id: number): Uint8Array {
    const { outcomes, stride } = this.states;
    return outcomes.slice(id * stride, (id + 1) * stride);
  }

  /** The state at the end of the text. */
  atEnd(context: number): number {
    let id = this.#ends.get(context);
    if (id === undefined) {
      this.#evaluator.evaluate(this.states.scratch, 0, this.alphabet.size, context);
      id = this.states.intern();
      this.#ends.set(context, id);
    }
    return id;
  }

  /** The state at a position with a code point of class `letter`, where `next` is the state behind that. */
  before(next: number, letter: number, context: number): number {
    const { states } = this;
    const symbol = letter * this.contexts.size + context;
    const key = next * this.symbols + symbol;
    if (states.symbols === 0) {
      const known = this.#transitions.get(key);
      if (known !== undefined) return known;
    }
    this.#evaluator.evaluate(states.outcomes, next * states.stride, letter, context);
    const made = states.intern();
    if (states.symbols === 0) this.#transitions.set(key, made);
    else states.transitions[key] = made + 1;
    return made;
  }

  /**
   * From `state`, which leads to a match at a position with the outcomes `id`: where it goes on behind the next code point
   * (plus `FIRST_STATE`), or `MATCHED` where the match ends here.
   */
  step(id: number, state: number): number {
    const found = this.#follow(id * this.states.stride, state);
    this.states.walks[id * this.program.operations.length + state] = found;
    return found;
  }

  #follow(base: number, from: number): number {
    const { operations, a, b } = this.program;
    const { outcomes } = this.states;
    let state = from;
    // A state comes after those that it goes to, so that there is an end to it.
    for (let left = operations.length; left > 0; left--) {
      this.#followed++;
      switch (operations[state]) {
        case CHAR:
          return b[state] + FIRST_STATE;
        case SPLIT:
          state = outcomes[base + a[state]] === SUCCESS ? a[state] : b[state];
          break;
        case ENTER:
          state = a[state];
          break;
        case LOOK:
        case NOT_LOOK:
        case CONDITION:
          state = b[state];
          break;
        default:
          return MATCHED;
      }
    }
    throw new Error('a program whose states go round in a circle');
  }
}
