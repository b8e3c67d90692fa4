import { caselessString } from './case-folding.js';
import { type CharSet, contains } from './char-set.js';
import { propertySet } from './properties.js';
import { type Anchor, invalidPattern, type Node, type Source, unsupportedPattern } from './syntax.js';

/** One way to match what lies before a position: sets and anchors, first to last. */
type Step = CharSet | Anchor;

/** The ways in which a look-behind may match. */
export type LookBehind = readonly (readonly Step[])[];

const MAX_STEPS = 2000;

class Flattener {
  readonly #source: Source;
  #steps = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /**
   * Every way in which `node` may match. Oniguruma takes alternatives of different lengths, but what varies within one only
   * in part: nothing there may be empty or an anchor.
   */
  all(node: Node): Step[][] {
    const alternatives = node.kind === 'choice' ? node.items.map((item) => this.ways(item)) : [this.ways(node)];
    const ways = alternatives.flat();
    if (alternatives.some(varies) && ways.some((way) => way.length === 0 || way.some(isAnchor))) {
      throw this.#refuse('look-behind of varying length that may be empty or has anchors');
    }
    return ways;
  }

  /** The ways of a part. */
  ways(node: Node): Step[][] {
    switch (node.kind) {
      case 'empty':
        return [[]];
      case 'set':
        return [[node.set]];
      case 'anchor':
        if (node.anchor === 'searchStart') throw this.#refuse('\\G in look-behind');
        if (node.anchor === 'end' || node.anchor === 'lastLineEnd') {
          throw invalidPattern(this.#source, this.#at(), 'an end of the text in look-behind');
        }
        return [[node.anchor]];
      case 'group':
        return this.ways(node.body);
      case 'caseless':
        return this.#sequence(caselessString([node.code], true));
      case 'sequence':
        return this.#sequence(node.items);
      case 'choice':
        return node.items.flatMap((item) => this.ways(item));
      case 'repeat':
        return this.#repeat(node.body, node.min, node.max);
      default:
        throw this.#refuse(`an ${node.kind === 'atomic' ? 'atomic group' : 'assertion'} in look-behind`);
    }
  }

  #sequence(items: readonly Node[]): Step[][] {
    let ways: Step[][] = [[]];
    for (const item of items) ways = this.#product(ways, this.ways(item));
    return ways;
  }

  #repeat(body: Node, min: number, max: number): Step[][] {
    if (max > 255) throw this.#refuse('look-behind of unbounded length');
    const once = this.ways(body);
    const all: Step[][] = [];
    let ways: Step[][] = [[]];
    for (let i = 0; i <= max; i++) {
      if (i >= min) all.push(...ways);
      if (i < max) ways = this.#product(ways, once);
    }
    return all;
  }

  #product(left: Step[][], right: Step[][]): Step[][] {
    return left.flatMap((first) =>
      right.map((second) => {
        this.#steps += first.length + second.length + 1;
        if (this.#steps > MAX_STEPS) throw this.#refuse('look-behind with so many ways to match');
        return [...first, ...second];
      }),
    );
  }

  #refuse(what: string): Error {
    return unsupportedPattern(this.#source, this.#at(), what);
  }

  /** Where look-behind first occurs. */
  #at(): number {
    return Math.max(0, this.#source.pattern.search(/\(\?<[=!]/));
  }
}

function isAnchor(step: Step): boolean {
  return typeof step === 'string';
}

function varies(ways: readonly Step[][]): boolean {
  const lengths = new Set(ways.map((way) => way.filter((step) => !isAnchor(step)).length));
  return lengths.size > 1;
}

/** @throws TokenizerError `TOKENIZER_PATTERN_UNSUPPORTED` where `body` may match arbitrarily far back */
export function flattenLookBehind(body: Node, source: Source): LookBehind {
  return new Flattener(source).all(body);
}

function isWord(text: string, at: number): boolean {
  return contains(propertySet('word')!, text.codePointAt(at)!);
}

/** Where the code point before `at` begins. */
function stepBack(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 2 : at - 1;
}

function holds(anchor: Anchor, text: string, from: number, to: number, at: number): boolean {
  switch (anchor) {
    case 'start':
      return at === from;
    case 'lineEnd':
      return at === to || text.charCodeAt(at) === 0x0a;
    case 'lineStart':
      return at === from || (at < to && text.charCodeAt(at - 1) === 0x0a);
    default: {
      const before = at > from && isWord(text, stepBack(text, at));
      const after = at < to && isWord(text, at);
      return (before !== after) === (anchor === 'word');
    }
  }
}

function matchesBefore(way: readonly Step[], text: string, from: number, to: number, end: number): boolean {
  let at = end;
  for (let i = way.length - 1; i >= 0; i--) {
    const step = way[i];
    if (typeof step === 'string') {
      if (!holds(step, text, from, to, at)) return false;
    } else {
      if (at <= from) return false;
      at = stepBack(text, at);
      if (!contains(step, text.codePointAt(at)!)) return false;
    }
  }
  return true;
}

/** Whether the look-behind matches a part of `text` that ends at `at`. */
export function looksBehind(ways: LookBehind, text: string, from: number, to: number, at: number): boolean {
  for (const way of ways) if (matchesBefore(way, text, from, to, at)) return true;
  return false;
}
