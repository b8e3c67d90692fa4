import type { Alphabet } from './alphabet.js';
import { caselessString } from './case-folding.js';
import { type CharSet, unionOf } from './char-set.js';
import type { LookBehind } from './program.js';
import { type Anchor, invalidPattern, type Node, type Source, unsupportedPattern } from './syntax.js';

/** One way to match what lies before a position: sets and anchors, first to last. */
type Step = CharSet | Anchor;

/** Steps of all ways of a look-behind together. */
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

/**
 * The ways in which a look-behind may match.
 * @throws TokenizerError `TOKENIZER_PATTERN_UNSUPPORTED` where `body` may match arbitrarily far back
 */
export function flattenLookBehind(body: Node, source: Source): Step[][] {
  const ways = new Flattener(source).all(body);
  const several = ways.filter((way) => way.length !== 1 || isAnchor(way[0]));
  const single = ways.filter((way) => way.length === 1 && !isAnchor(way[0])).map(([set]) => set as CharSet);
  // It does not matter which way matches, so that single characters are one set.
  return single.length === 0 ? several : [[unionOf(single)], ...several];
}

/** A position in a text, of which the part from `from` to `to` is there. */
interface Place {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly alphabet: Alphabet;
  readonly wordSet: number;
}

/** Where the code point before `at` begins. */
function stepBack(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 2 : at - 1;
}

function isIn(set: number, { text, alphabet }: Place, at: number): boolean {
  return alphabet.has(set, alphabet.classOf(text.codePointAt(at)!));
}

function holds(anchor: Anchor, place: Place, at: number): boolean {
  const { text, from, to, wordSet } = place;
  switch (anchor) {
    case 'start':
      return at === from;
    case 'lineEnd':
      return at === to || text.charCodeAt(at) === 0x0a;
    case 'lineStart':
      return at === from || (at < to && text.charCodeAt(at - 1) === 0x0a);
    default: {
      const before = at > from && isIn(wordSet, place, stepBack(text, at));
      const after = at < to && isIn(wordSet, place, at);
      return (before !== after) === (anchor === 'word');
    }
  }
}

function matchesBefore(way: readonly (number | Anchor)[], place: Place): boolean {
  let { at } = place;
  for (let i = way.length - 1; i >= 0; i--) {
    const step = way[i];
    if (typeof step === 'string') {
      if (!holds(step, place, at)) return false;
    } else {
      if (at <= place.from) return false;
      at = stepBack(place.text, at);
      if (!isIn(step, place, at)) return false;
    }
  }
  return true;
}

/** Whether the look-behind matches a part of the text that ends at the place. */
export function looksBehind(ways: LookBehind, place: Place): boolean {
  for (const way of ways) if (matchesBefore(way, place)) return true;
  return false;
}
