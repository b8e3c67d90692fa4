import type { Alphabet } from './alphabet.js';
import type { Contexts } from './context.js';
import { CHAR, CONDITION, ENTER, FAIL, LOOK, NOT_LOOK, type Program, SPLIT } from './program.js';

/** The outcome of a state that leads to a match. Every other outcome is the level at which it fails. */
export const SUCCESS = 255;

/**
 * Finds the outcome of every state of a program at one position from those one code point further on.
 *
 * A state with two alternatives takes the outcome of the first, unless that fails within the state's own atomic group (or
 * within deeper ones): failure further out means that the group has been left by its first way out, and there is no way back
 * into it. Look-ahead is the outcome of its own states at the position. So backtracking is told, in time linear in the text,
 * which alternative it would end up with. (After Frisch and Cardelli, Greedy regular expression matching, 2004.)
 */
export class Evaluator {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  readonly #contexts: Contexts;
  /** The outcomes of the position last asked for. */
  readonly out: Uint8Array;
  /** How many outcomes have been found so far. */
  steps = 0;

  /** `out`: where the outcomes are written. */
  constructor(program: Program, alphabet: Alphabet, contexts: Contexts, out: Uint8Array) {
    this.#program = program;
    this.#alphabet = alphabet;
    this.#contexts = contexts;
    this.out = out;
  }

  /**
   * The outcomes before a code point of class `letter` (the size of the alphabet: at the end of the text), where those
   * behind it stand in `next` from `base` on.
   */
  evaluate(next: Uint8Array, base: number, letter: number, context: number): void {
    const { runs, operations, levels } = this.#program;
    this.steps += operations.length;
    let from = 0;
    for (let r = 1; r < runs.length; r++) {
      const to = runs[r];
      if (!this.#goesOn(from, letter, context)) this.out.fill(levels[from], from, to);
      else if (operations[from] === CHAR) copy(this.out, from, to, this.#program.b, next, base, levels[from]);
      else if (operations[from] === CONDITION) copy(this.out, from, to, this.#program.b, this.out, 0, levels[from]);
      else if (operations[from] === ENTER) this.#enter(from, to);
      else if (levels[from] === 0) this.#choices(from, to);
      else this.#levelledChoices(from, to);
      from = to;
    }
  }

  /** Whether the states of the run from `from` on do not fail at once: they do so alike. */
  #goesOn(from: number, letter: number, context: number): boolean {
    const { operations, a } = this.#program;
    switch (operations[from]) {
      case CHAR:
        return letter < this.#alphabet.size && this.#alphabet.has(a[from], letter);
      case CONDITION:
        return this.#contexts.holds(a[from], letter, context);
      default:
        return operations[from] !== FAIL;
    }
  }

  /** Failure within an atomic group is failure at the level around it. */
  #enter(from: number, to: number): void {
    const { a, levels } = this.#program;
    const { out } = this;
    const level = levels[from];
    for (let i = from; i < to; i++) out[i] = clamped(out[a[i]], level);
  }

  /** Outside of atomic groups an outcome is success or failure, all bits or none. */
  #choices(from: number, to: number): void {
    const { operations, a, b } = this.#program;
    const { out } = this;
    switch (operations[from]) {
      case SPLIT:
        for (let i = from; i < to; i++) out[i] = out[a[i]] | out[b[i]];
        break;
      case LOOK:
        for (let i = from; i < to; i++) out[i] = out[a[i]] & out[b[i]];
        break;
      case NOT_LOOK:
        for (let i = from; i < to; i++) out[i] = ~out[a[i]] & out[b[i]];
        break;
      default:
        out.fill(SUCCESS, from, to);
    }
  }

  #levelledChoices(from: number, to: number): void {
    const { operations, a, b, levels } = this.#program;
    const { out } = this;
    const level = levels[from];
    switch (operations[from]) {
      case SPLIT:
        for (let i = from; i < to; i++) {
          const first = out[a[i]];
          out[i] = clamped(first !== SUCCESS && first >= level ? out[b[i]] : first, level);
        }
        break;
      case LOOK:
        for (let i = from; i < to; i++) out[i] = out[a[i]] === SUCCESS ? clamped(out[b[i]], level) : level;
        break;
      case NOT_LOOK:
        for (let i = from; i < to; i++) out[i] = out[a[i]] === SUCCESS ? level : clamped(out[b[i]], level);
        break;
      default:
        out.fill(SUCCESS, from, to);
    }
  }
}

/** Gives the states from `from` to `to` the outcomes of those they go to, which stand in `source` from `base` on. */
function copy(
  out: Uint8Array,
  from: number,
  to: number,
  goesTo: Int32Array,
  source: Uint8Array,
  base: number,
  level: number,
): void {
  if (level === 0) for (let i = from; i < to; i++) out[i] = source[base + goesTo[i]];
  else for (let i = from; i < to; i++) out[i] = clamped(source[base + goesTo[i]], level);
}

/** Failure deeper than `level` has been dealt with where it happened. */
function clamped(outcome: number, level: number): number {
  return outcome !== SUCCESS && outcome > level ? level : outcome;
}
