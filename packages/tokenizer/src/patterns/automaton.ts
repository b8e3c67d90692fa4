import { Alphabet } from './alphabet.js';
import { contains } from './char-set.js';
import { looksBehind } from './look-behind.js';
import {
  ACCEPT,
  AT_END,
  AT_LINE_START,
  AT_START,
  AT_WORD_BOUNDARY,
  CHAR,
  CONDITION,
  ENTER,
  FIRST_LOOK_BEHIND,
  LOOK,
  NOT_AT_WORD_BOUNDARY,
  NOT_LOOK,
  type Program,
  SPLIT,
} from './program.js';
import { propertySet } from './properties.js';

/** The outcome of a state that leads to a match. Every other outcome is the level at which it fails. */
export const SUCCESS = 255;

/** What a walk finds where the match ends. */
export const MATCHED = -2;

/** Transitions are kept in an array up to this many symbols, in a map beyond. */
const ARRAY_SYMBOLS = 1024;

// What the text before a position says, a bit each; look-behinds follow.
const WORD_BEFORE = 1;
const NEWLINE_BEFORE = 2;
const NOTHING_BEFORE = 4;
const FIRST_BEHIND_BIT = 3;

/** The outcome of every state at one position, with the transitions to the position before. */
export class Outcomes {
  readonly of: Uint8Array;
  readonly array: Int32Array | undefined;
  readonly map: Map<number, number> | undefined;
  /** Where a successful state goes on behind the next code point; `MATCHED`, or -1 where not yet known. */
  readonly walk: Int32Array;

  constructor(of: Uint8Array, symbols: number) {
    this.of = of;
    this.walk = new Int32Array(of.length).fill(-1);
    if (symbols <= ARRAY_SYMBOLS) this.array = new Int32Array(symbols).fill(-1);
    else this.map = new Map();
  }
}

/**
 * Reads a text from its end and knows at each position the outcome of every state of a program: whether matching that goes
 * on there ends in success, and if not, at which level it fails. Outcomes depend only on those one code point further on and
 * on what stands around the position, so that they make a deterministic automaton, whose states are made when first met.
 *
 * A state with two alternatives takes the outcome of the first, unless that fails within the state's own atomic group (or
 * within deeper ones): failure further out means that the group has been left by its first way out, and there is no way back
 * into it. Look-ahead is the outcome of its own states at the position. So backtracking is told, in time linear in the text,
 * which alternative it would end up with. (After Frisch and Cardelli, Greedy regular expression matching, 2004.)
 */
export class Automaton {
  readonly program: Program;
  readonly alphabet: Alphabet;
  /** How many contexts there are; a transition stands at its class times this, plus its context. */
  readonly contexts: number;
  readonly #wordClasses: Uint8Array | undefined;
  /** States that have been made; ids are places in it. */
  readonly states: Outcomes[] = [];
  #index = new Map<string, number>();
  readonly #scratch: Uint8Array;
  readonly #member: Uint8Array;

  constructor(program: Program) {
    this.program = program;
    const { sets, usesWords, lookBehinds } = program;
    this.alphabet = new Alphabet(usesWords ? [...sets, propertySet('word')!] : sets);
    this.contexts = this.looksBack ? 1 << (FIRST_BEHIND_BIT + lookBehinds.length) : 1;
    this.#scratch = new Uint8Array(program.operations.length);
    this.#member = new Uint8Array(sets.length);
    if (usesWords) {
      this.#wordClasses = Uint8Array.from(this.alphabet.samples, (code) =>
        contains(propertySet('word')!, code) ? 1 : 0,
      );
    }
  }

  /** How many states have been made. */
  get count(): number {
    return this.states.length;
  }

  /** Forgets all states. */
  clear(): void {
    this.states.length = 0;
    this.#index = new Map();
  }

  /** The state with these outcomes. */
  intern(of: Uint8Array): number {
    const key = keyOf(of);
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    this.states.push(new Outcomes(of, (this.alphabet.size + 1) * this.contexts));
    this.#index.set(key, id);
    return id;
  }

  /** Whether states depend on what stands before a position. */
  get looksBack(): boolean {
    const { usesWords, usesLineStart, usesStart, lookBehinds } = this.program;
    return usesWords || usesLineStart || usesStart || lookBehinds.length > 0;
  }

  /** What the text before `at` says. */
  context(text: string, from: number, to: number, at: number): number {
    const { program } = this;
    let bits = at === from ? NOTHING_BEFORE : 0;
    if (at > from) {
      const unit = text.charCodeAt(at - 1);
      if (unit === 0x0a) bits |= NEWLINE_BEFORE;
      if (this.#wordClasses !== undefined) {
        const code = unit >= 0xdc00 && unit < 0xe000 ? text.codePointAt(at - 2)! : unit;
        if (this.#wordClasses[this.alphabet.classOf(code)] === 1) bits |= WORD_BEFORE;
      }
    }
    program.lookBehinds.forEach((ways, i) => {
      if (looksBehind(ways, text, from, to, at)) bits |= 1 << (FIRST_BEHIND_BIT + i);
    });
    return bits;
  }

  /** The state at the end of the text. */
  atEnd(context: number): number {
    return this.intern(this.#outcomes(undefined, this.alphabet.size, context));
  }

  /** The state at a position with a code point of class `letter`, where `next` is the state behind that. */
  before(next: number, letter: number, context: number): number {
    const symbol = letter * this.contexts + context;
    const from = this.states[next];
    const known = from.array !== undefined ? from.array[symbol] : (from.map!.get(symbol) ?? -1);
    if (known >= 0) return known;
    const made = this.intern(this.#outcomes(from.of, letter, context));
    if (from.array !== undefined) from.array[symbol] = made;
    else from.map!.set(symbol, made);
    return made;
  }

  #outcomes(next: Uint8Array | undefined, letter: number, context: number): Uint8Array {
    const { operations, a, b, levels, sets } = this.program;
    const out = this.#scratch;
    const member = this.#member;
    if (next !== undefined) {
      const sample = this.alphabet.samples[letter];
      for (let k = 0; k < sets.length; k++) member[k] = contains(sets[k], sample) ? 1 : 0;
    }
    for (let i = 0; i < out.length; i++) {
      const level = levels[i];
      let outcome = level;
      switch (operations[i]) {
        case CHAR:
          if (next !== undefined && member[a[i]] === 1) outcome = next[b[i]];
          break;
        case SPLIT:
          outcome = out[a[i]];
          if (outcome !== SUCCESS && outcome >= level) outcome = out[b[i]];
          break;
        case ENTER:
          outcome = out[a[i]];
          break;
        case LOOK:
          if (out[a[i]] === SUCCESS) outcome = out[b[i]];
          break;
        case NOT_LOOK:
          if (out[a[i]] !== SUCCESS) outcome = out[b[i]];
          break;
        case CONDITION:
          if (this.#holds(a[i], letter, context)) outcome = out[b[i]];
          break;
        case ACCEPT:
          outcome = SUCCESS;
          break;
      }
      out[i] = outcome !== SUCCESS && outcome > level ? level : outcome;
    }
    return out.slice();
  }

  #holds(condition: number, letter: number, context: number): boolean {
    const end = letter === this.alphabet.size;
    switch (condition) {
      case AT_START:
        return (context & NOTHING_BEFORE) !== 0;
      case AT_END:
        return end;
      case AT_LINE_START:
        return (context & NOTHING_BEFORE) !== 0 || (!end && (context & NEWLINE_BEFORE) !== 0);
      case AT_WORD_BOUNDARY:
      case NOT_AT_WORD_BOUNDARY: {
        const before = (context & WORD_BEFORE) !== 0;
        const after = !end && this.#wordClasses![letter] === 1;
        return (before !== after) === (condition === AT_WORD_BOUNDARY);
      }
      default: {
        const index = condition - FIRST_LOOK_BEHIND;
        const found = (context & (1 << (FIRST_BEHIND_BIT + (index >> 1)))) !== 0;
        return found !== (index % 2 === 1);
      }
    }
  }

  /**
   * From `state`, which leads to a match at a position with the outcomes `id`: where it goes on behind the next code point,
   * or `MATCHED` where the match ends here.
   */
  step(id: number, state: number): number {
    const { of, walk } = this.states[id];
    if (walk[state] === -1) walk[state] = this.#follow(of, state);
    return walk[state];
  }

  #follow(of: Uint8Array, from: number): number {
    const { operations, a, b } = this.program;
    for (let state = from; ; ) {
      switch (operations[state]) {
        case CHAR:
          return b[state];
        case SPLIT:
          state = of[a[state]] === SUCCESS ? a[state] : b[state];
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
  }
}

function keyOf(bytes: Uint8Array): string {
  let key = '';
  for (let i = 0; i < bytes.length; i += 4096) {
    key += String.fromCharCode.apply(null, bytes.subarray(i, i + 4096) as unknown as number[]);
  }
  return key;
}
