import { caselessString } from './case-folding.js';
import type { CharSet } from './char-set.js';
import { flattenLookBehind, type LookBehind } from './look-behind.js';
import {
  ACCEPT,
  AT_END,
  AT_LINE_START,
  AT_START,
  AT_WORD_BOUNDARY,
  CHAR,
  CONDITION,
  ENTER,
  FAIL,
  FIRST_LOOK_BEHIND,
  LOOK,
  NOT_AT_WORD_BOUNDARY,
  NOT_LOOK,
  type Program,
  SPLIT,
} from './program.js';
import { type Anchor, type Node, type Source, unsupportedPattern } from './syntax.js';

/** Larger programs are refused: counted repetitions may ask for any number of states. */
export const MAX_STATES = 10_000;

/** And so are patterns that take this many steps to compile, states or not. */
const MAX_WORK = 200_000;

const MAX_ATOMIC_DEPTH = 200;

const CONDITIONS: Record<Exclude<Anchor, 'searchStart' | 'lineEnd' | 'lastLineEnd'>, number> = {
  start: AT_START,
  end: AT_END,
  lineStart: AT_LINE_START,
  word: AT_WORD_BOUNDARY,
  notWord: NOT_AT_WORD_BOUNDARY,
};

function ahead(body: Node): Node {
  return { kind: 'look', behind: false, negative: false, body };
}

const END: Node = { kind: 'anchor', anchor: 'end' };
const LINE_FEED: Node = { kind: 'set', set: [0x0a, 0x0b] };
const LINE_END: Node = { kind: 'choice', items: [END, /* @__PURE__ */ ahead(LINE_FEED)] };
const LAST_LINE_END: Node = {
  kind: 'choice',
  items: [END, /* @__PURE__ */ ahead({ kind: 'sequence', items: [LINE_FEED, END] })],
};

/**
 * Where matching goes on behind a node. Inside a repetition whose pass has taken nothing yet, there are two such places:
 * a pass that stays empty ends the repetition (Oniguruma's empty check), one that takes something may be followed by more.
 * `atSearch`: nothing has been taken since the search began, so `\G` holds.
 */
interface After {
  taken: number;
  empty: number;
  atSearch: boolean;
}

/** Node to states, from the end to the beginning, so that the place to go on is there when a state is made. */
class Compiler {
  readonly #source: Source;
  readonly #operations: number[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #levels: number[] = [];
  readonly #made = new Map<string, number>();
  readonly #sets: CharSet[] = [];
  readonly #setIndex = new Map<string, number>();
  readonly #lookBehinds: LookBehind[] = [];
  readonly #behindIndex = new Map<Node, number>();
  readonly #done = new Map<Node, Map<string, number>>();
  readonly #expanded = new Map<Node, readonly Node[]>();
  #level = 0;
  #work = 0;
  #searchStartUsed = false;

  constructor(source: Source) {
    this.#source = source;
  }

  compile(node: Node): Program {
    const accept = this.#state(ACCEPT, 0, 0);
    const start = this.#node(node, plain(accept));
    const atSearch = { taken: accept, empty: accept, atSearch: true };
    const searchStart = this.#searchStartUsed ? this.#node(node, atSearch) : start;
    return this.#finish(start, searchStart);
  }

  /** The program, of the states that can be reached, renumbered so that each comes after those it goes to at its position. */
  #finish(start: number, searchStart: number): Program {
    const order = this.#order([start, searchStart]);
    const renumbered = new Int32Array(this.#operations.length);
    order.forEach((state, i) => {
      renumbered[state] = i;
    });
    const operations = Uint8Array.from(order, (state) => this.#operations[state]);
    const refers = (state: number) => ![CHAR, CONDITION].includes(this.#operations[state]);
    const conditions = new Set(order.filter((s) => this.#operations[s] === CONDITION).map((s) => this.#a[s]));
    return {
      operations,
      a: Int32Array.from(order, (state) => (refers(state) ? renumbered[this.#a[state]] : this.#a[state])),
      b: Int32Array.from(order, (state) => renumbered[this.#b[state]]),
      levels: Uint8Array.from(order, (state) => this.#levels[state]),
      start: renumbered[start],
      searchStart: renumbered[searchStart],
      sets: this.#sets,
      lookBehinds: this.#lookBehinds,
      usesWords: conditions.has(AT_WORD_BOUNDARY) || conditions.has(NOT_AT_WORD_BOUNDARY),
      usesLineStart: conditions.has(AT_LINE_START),
      usesStart: conditions.has(AT_START) || conditions.has(AT_LINE_START),
    };
  }

  /** The state that does this, made where there is none yet. */
  #state(operation: number, a: number, b: number): number {
    const key = `${operation} ${a} ${b} ${this.#level}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#newState(operation, a, b);
    this.#made.set(key, made);
    return made;
  }

  #newState(operation: number, a: number, b: number): number {
    if (this.#operations.length >= MAX_STATES) throw this.#tooLarge();
    this.#operations.push(operation);
    this.#a.push(a);
    this.#b.push(b);
    this.#levels.push(this.#level);
    return this.#operations.length - 1;
  }

  #tooLarge(): Error {
    return unsupportedPattern(this.#source, 0, `a pattern that needs more than ${MAX_STATES} states`);
  }

  /** Where matching begins that matches `node` and goes on as `after` says. */
  #node(node: Node, after: After): number {
    if (++this.#work > MAX_WORK) throw this.#tooLarge();
    const key = `${after.taken} ${after.empty} ${after.atSearch} ${this.#level}`;
    const known = this.#done.get(node)?.get(key);
    if (known !== undefined) return known;
    const made = this.#make(node, after);
    const map = this.#done.get(node) ?? new Map<string, number>();
    map.set(key, made);
    this.#done.set(node, map);
    return made;
  }

  #make(node: Node, after: After): number {
    switch (node.kind) {
      case 'empty':
        return after.empty;
      case 'set':
        return this.#state(CHAR, this.#set(node.set), after.taken);
      case 'caseless':
        return this.#sequence([node], after);
      case 'group':
        return this.#node(node.body, after);
      case 'sequence':
        return this.#sequence(this.#items(node), after);
      case 'choice':
        return this.#choice(node.items, after);
      case 'repeat':
        return this.#repeat(node, after);
      case 'atomic':
        return this.#atomic(node.body, after);
      case 'look':
        return node.behind ? this.#behind(node, after) : this.#look(node.body, node.negative, after);
      default:
        return this.#anchor(node.anchor, after);
    }
  }

  #set(set: CharSet): number {
    const key = set.join();
    const known = this.#setIndex.get(key);
    if (known !== undefined) return known;
    this.#setIndex.set(key, this.#sets.length);
    return this.#sets.push(set) - 1;
  }

  /** The items of a sequence, strings without regard to case spelt out. */
  #items(node: Node & { kind: 'sequence' }): readonly Node[] {
    let items = this.#expanded.get(node);
    if (items === undefined) {
      items = spellOut(node.items);
      this.#expanded.set(node, items);
    }
    return items;
  }

  #sequence(items: readonly Node[], after: After): number {
    const spelt = items.length === 1 && items[0].kind === 'caseless' ? spellOut(items) : items;
    let { taken, empty } = after;
    const double = taken !== empty || after.atSearch;
    for (let i = spelt.length - 1; i >= 0; i--) {
      const next = double ? this.#node(spelt[i], { taken, empty, atSearch: after.atSearch }) : -1;
      taken = this.#node(spelt[i], plain(taken));
      empty = double ? next : taken;
    }
    return empty;
  }

  #choice(items: readonly Node[], after: After): number {
    let state = this.#node(items[items.length - 1], after);
    for (let i = items.length - 2; i >= 0; i--) state = this.#split(this.#node(items[i], after), state, true);
    return state;
  }

  /** The first of the two places is tried first, or the second unless `greedy`. */
  #split(first: number, second: number, greedy: boolean): number {
    return greedy ? this.#state(SPLIT, first, second) : this.#state(SPLIT, second, first);
  }

  #repeat(node: Node & { kind: 'repeat' }, after: After): number {
    const { body, min, max, greedy } = node;
    if (max === 0) return after.empty;
    if (max === Number.POSITIVE_INFINITY) return this.#loop(node, after);
    const optional = Array.from({ length: max - min }, (): Node => body);
    return this.#copies(body, min, this.#optional(optional, greedy, after), after);
  }

  /** `min` copies of `body` before what `places` says. */
  #copies(body: Node, min: number, places: { taken: number; empty: number }, after: After): number {
    let { taken, empty } = places;
    const double = taken !== empty || after.atSearch;
    for (let i = 0; i < min; i++) {
      const next = double ? this.#node(body, { taken, empty, atSearch: after.atSearch }) : -1;
      taken = this.#node(body, plain(taken));
      empty = double ? next : taken;
    }
    return empty;
  }

  /** `(x(x(x)?)?)?`, in both ways: where something has been taken already, and where not. */
  #optional(bodies: readonly Node[], greedy: boolean, after: After): { taken: number; empty: number } {
    let { taken, empty } = after;
    const double = taken !== empty || after.atSearch;
    for (const body of bodies) {
      const next = double
        ? this.#split(this.#node(body, { taken, empty, atSearch: after.atSearch }), after.empty, greedy)
        : -1;
      taken = this.#split(this.#node(body, plain(taken)), after.taken, greedy);
      empty = double ? next : taken;
    }
    return { taken, empty };
  }

  #loop({ body, min, greedy }: Node & { kind: 'repeat' }, after: After): number {
    // Whether an empty pass counts then depends on how large Oniguruma's program for the body is.
    if (min > 1 && mayBeEmpty(body)) {
      throw unsupportedPattern(this.#source, 0, `a repetition {${min},} of what may match nothing`);
    }
    const again = this.#cycle(body, greedy, after.taken);
    if (after.taken === after.empty && !after.atSearch) {
      if (min === 0) return again.head;
      return this.#copies(body, min - 1, { taken: again.pass, empty: again.pass }, after);
    }
    const pass = this.#node(body, { taken: again.head, empty: after.empty, atSearch: after.atSearch });
    if (min === 0) return this.#split(pass, after.empty, greedy);
    return this.#copies(body, min - 1, { taken: again.pass, empty: pass }, after);
  }

  /** A loop that ends at `out`: its head, which may leave it, and the beginning of a pass. */
  #cycle(body: Node, greedy: boolean, out: number): { head: number; pass: number } {
    const head = this.#newState(SPLIT, out, out);
    const pass = this.#node(body, { taken: head, empty: mayBeEmpty(body) ? out : head, atSearch: false });
    this.#a[head] = greedy ? pass : out;
    this.#b[head] = greedy ? out : pass;
    return { head, pass };
  }

  #atomic(body: Node, after: After): number {
    if (this.#level >= MAX_ATOMIC_DEPTH) {
      throw unsupportedPattern(this.#source, 0, `more than ${MAX_ATOMIC_DEPTH} atomic groups within each other`);
    }
    this.#level++;
    const inside = this.#node(body, after);
    this.#level--;
    return this.#state(ENTER, inside, 0);
  }

  #look(body: Node, negative: boolean, after: After): number {
    const level = this.#level;
    this.#level = 0;
    const accept = this.#state(ACCEPT, 0, 0);
    const inside = this.#node(body, { taken: accept, empty: accept, atSearch: after.atSearch });
    this.#level = level;
    return this.#state(negative ? NOT_LOOK : LOOK, inside, after.empty);
  }

  #behind(node: Node & { kind: 'look' }, after: After): number {
    let index = this.#behindIndex.get(node);
    if (index === undefined) {
      index = this.#lookBehinds.push(flattenLookBehind(node.body, this.#source)) - 1;
      this.#behindIndex.set(node, index);
      if (index >= 12) throw unsupportedPattern(this.#source, 0, 'more than 12 look-behinds');
    }
    return this.#state(CONDITION, FIRST_LOOK_BEHIND + 2 * index + (node.negative ? 1 : 0), after.empty);
  }

  #anchor(anchor: Anchor, after: After): number {
    if (anchor === 'lineEnd') return this.#node(LINE_END, after);
    if (anchor === 'lastLineEnd') return this.#node(LAST_LINE_END, after);
    if (anchor !== 'searchStart') return this.#state(CONDITION, CONDITIONS[anchor], after.empty);
    this.#searchStartUsed = true;
    return after.atSearch ? after.empty : this.#state(FAIL, 0, 0);
  }

  /** The states that can be reached from `roots`, each after those it goes to without taking anything. */
  #order(roots: readonly number[]): number[] {
    const order: number[] = [];
    const seen = new Uint8Array(this.#operations.length);
    const waiting = [...roots];
    for (let root = waiting.pop(); root !== undefined; root = waiting.pop()) {
      const stack = [root];
      while (stack.length > 0) {
        const state = stack[stack.length - 1];
        if (seen[state] === 0) {
          seen[state] = 1;
          if (this.#operations[state] === CHAR) waiting.push(this.#b[state]);
          for (const next of this.#goesTo(state)) if (seen[next] === 0) stack.push(next);
        } else {
          stack.pop();
          if (seen[state] === 1) order.push(state);
          seen[state] = 2;
        }
      }
    }
    return order;
  }

  #goesTo(state: number): number[] {
    switch (this.#operations[state]) {
      case SPLIT:
      case LOOK:
      case NOT_LOOK:
        return [this.#a[state], this.#b[state]];
      case ENTER:
        return [this.#a[state]];
      case CONDITION:
        return [this.#b[state]];
      default:
        return [];
    }
  }
}

/** Whether `node` may match without taking anything; true where that is hard to say. */
function mayBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case 'set':
    case 'caseless':
      return false;
    case 'sequence':
      return node.items.every(mayBeEmpty);
    case 'choice':
      return node.items.some(mayBeEmpty);
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.body);
    case 'group':
    case 'atomic':
      return mayBeEmpty(node.body);
    default:
      return true;
  }
}

function plain(state: number): After {
  return { taken: state, empty: state, atSearch: false };
}

function spellOut(items: readonly Node[]): readonly Node[] {
  const out: Node[] = [];
  for (let i = 0; i < items.length; ) {
    const codes: number[] = [];
    for (; i < items.length; i++) {
      const item = items[i];
      if (item.kind !== 'caseless') break;
      codes.push(item.code);
    }
    out.push(...caselessString(codes, false));
    if (i < items.length) out.push(items[i++]);
  }
  return out;
}

/** @throws TokenizerError `TOKENIZER_PATTERN_UNSUPPORTED` where the program would be too large */
export function compilePattern(node: Node, source: Source): Program {
  return new Compiler(source).compile(node);
}
