import { caselessString } from './case-folding.js';
import { flattenLookBehind } from './look-behind.js';
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
import { ProgramBuilder } from './program-builder.js';
import { type Anchor, type Node, type Source, unsupportedPattern } from './syntax.js';

/** How deep nodes may nest. */
const MAX_DEPTH = 1000;

/** Patterns that take more steps to compile are refused, states or not. */
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
  readonly #builder: ProgramBuilder;
  readonly #behindIndex = new Map<Node, number>();
  readonly #done = new Map<Node, Map<string, number>>();
  readonly #expanded = new Map<Node, readonly Node[]>();
  readonly #emptiness = new Map<Node, boolean>();
  #work = 0;
  #searchStartUsed = false;

  constructor(source: Source) {
    this.#source = source;
    this.#builder = new ProgramBuilder(source);
  }

  compile(node: Node): Program {
    this.#checkDepth(node);
    const accept = this.#builder.state(ACCEPT, 0, 0);
    const start = this.#node(node, plain(accept));
    const atSearch = { taken: accept, empty: accept, atSearch: true };
    const searchStart = this.#searchStartUsed ? this.#node(node, atSearch) : start;
    return this.#builder.finish(start, searchStart);
  }

  /** Deep nesting is refused before anything descends into it by calling itself. */
  #checkDepth(root: Node): void {
    let level: Node[] = [root];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MAX_DEPTH) {
        throw unsupportedPattern(this.#source, 0, `a pattern nested more than ${MAX_DEPTH} deep`);
      }
      level = level.flatMap((node) => ('items' in node ? node.items : 'body' in node ? [node.body] : []));
    }
  }

  /** Where matching begins that matches `node` and goes on as `after` says. */
  #node(node: Node, after: After): number {
    if (++this.#work > MAX_WORK) throw this.#builder.tooLarge();
    const key = `${after.taken} ${after.empty} ${after.atSearch} ${this.#builder.level}`;
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
        return this.#builder.state(CHAR, this.#builder.set(node.set), after.taken);
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
    return greedy ? this.#builder.state(SPLIT, first, second) : this.#builder.state(SPLIT, second, first);
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
    if (min > 1 && this.#mayBeEmpty(body)) {
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
    const head = this.#builder.newState(SPLIT, out, out);
    const pass = this.#node(body, { taken: head, empty: this.#mayBeEmpty(body) ? out : head, atSearch: false });
    this.#builder.a[head] = greedy ? pass : out;
    this.#builder.b[head] = greedy ? out : pass;
    return { head, pass };
  }

  /** Whether `node` may match without taking anything; true where that is hard to say. */
  #mayBeEmpty(node: Node): boolean {
    const known = this.#emptiness.get(node);
    if (known !== undefined) return known;
    const found = this.#findEmptiness(node);
    this.#emptiness.set(node, found);
    return found;
  }

  #findEmptiness(node: Node): boolean {
    switch (node.kind) {
      case 'set':
      case 'caseless':
        return false;
      case 'sequence':
        return node.items.every((item) => this.#mayBeEmpty(item));
      case 'choice':
        return node.items.some((item) => this.#mayBeEmpty(item));
      case 'repeat':
        return node.min === 0 || this.#mayBeEmpty(node.body);
      case 'group':
      case 'atomic':
        return this.#mayBeEmpty(node.body);
      default:
        return true;
    }
  }

  #atomic(body: Node, after: After): number {
    if (this.#builder.level >= MAX_ATOMIC_DEPTH) {
      throw unsupportedPattern(this.#source, 0, `more than ${MAX_ATOMIC_DEPTH} atomic groups within each other`);
    }
    this.#builder.level++;
    const inside = this.#node(body, after);
    this.#builder.level--;
    return this.#builder.state(ENTER, inside, 0);
  }

  #look(body: Node, negative: boolean, after: After): number {
    const level = this.#builder.level;
    this.#builder.level = 0;
    const accept = this.#builder.state(ACCEPT, 0, 0);
    const inside = this.#node(body, { taken: accept, empty: accept, atSearch: after.atSearch });
    this.#builder.level = level;
    return this.#builder.state(negative ? NOT_LOOK : LOOK, inside, after.empty);
  }

  #behind(node: Node & { kind: 'look' }, after: After): number {
    let index = this.#behindIndex.get(node);
    if (index === undefined) {
      index = this.#builder.lookBehind(flattenLookBehind(node.body, this.#source));
      this.#behindIndex.set(node, index);
    }
    return this.#builder.state(CONDITION, FIRST_LOOK_BEHIND + 2 * index + (node.negative ? 1 : 0), after.empty);
  }

  #anchor(anchor: Anchor, after: After): number {
    if (anchor === 'lineEnd') return this.#node(LINE_END, after);
    if (anchor === 'lastLineEnd') return this.#node(LAST_LINE_END, after);
    if (anchor !== 'searchStart') return this.#builder.state(CONDITION, CONDITIONS[anchor], after.empty);
    this.#searchStartUsed = true;
    return after.atSearch ? after.empty : this.#builder.state(FAIL, 0, 0);
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
    for (const node of caselessString(codes, false)) out.push(node);
    if (i < items.length) out.push(items[i++]);
  }
  return out;
}

/** @throws TokenizerError `TOKENIZER_PATTERN_UNSUPPORTED` where the program would be too large */
export function compilePattern(node: Node, source: Source): Program {
  return new Compiler(source).compile(node);
}
