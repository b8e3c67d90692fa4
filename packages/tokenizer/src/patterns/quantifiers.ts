import type { PatternReader } from './reader.js';
import type { Node } from './syntax.js';

export interface Quantifier {
  min: number;
  max: number;
  greedy: boolean;
  possessive: boolean;
}

const SIMPLE = ['?', '*', '+', '??', '*?', '+?'];

/**
 * What Oniguruma makes of one simple quantifier (row: the inner one, column: the outer one) upon another; `=` keeps the
 * inner one alone, `.` keeps both, `+,??` writes both anew. The result is not always what the two would do.
 */
const REDUCED = [
  ['=', '*', '*', '??', '*?', '.'],
  ['=', '=', '=', '+,??', '+,??', '='],
  ['*', '*', '=', '.', '+,??', '='],
  ['=', '*?', '*?', '=', '*?', '*?'],
  ['=', '=', '=', '=', '=', '='],
  ['.', '*', '+', '*?', '*?', '='],
];

type Repeat = Extract<Node, { kind: 'repeat' }>;

function simpleIndex({ min, max, greedy }: Quantifier | Repeat): number {
  const sign = max === 1 && min === 0 ? 0 : max !== Number.POSITIVE_INFINITY ? -1 : min === 0 ? 1 : min === 1 ? 2 : -1;
  return sign < 0 ? -1 : sign + (greedy ? 0 : 3);
}

function repeat(body: Node, { min, max, greedy }: { min: number; max: number; greedy: boolean }): Node {
  return { kind: 'repeat', body, min, max, greedy };
}

function simple(body: Node, sign: string): Node {
  const min = sign[0] === '+' ? 1 : 0;
  return repeat(body, { min, max: sign[0] === '?' ? 1 : Number.POSITIVE_INFINITY, greedy: sign.length === 1 });
}

function nested(inner: Repeat, outer: Quantifier): Node {
  const row = simpleIndex(inner);
  const column = simpleIndex(outer);
  if (row >= 0 && column >= 0) {
    const reduced = REDUCED[row][column];
    if (reduced === '=') return inner;
    if (reduced === '.') return repeat(inner, outer);
    if (reduced === '+,??') return simple(simple(inner.body, '+'), '??');
    return simple(inner.body, SIMPLE[SIMPLE.indexOf(reduced)]);
  }
  if (inner.min === inner.max && outer.min === outer.max) {
    const times = inner.min * outer.min;
    return repeat(inner.body, { min: times, max: times, greedy: outer.greedy });
  }
  const runs = row === 1 || row === 2;
  if (runs && outer.max !== Number.POSITIVE_INFINITY && outer.max > 1 && outer.greedy) {
    return repeat(inner, { ...outer, max: outer.min === 0 ? 1 : outer.min });
  }
  return repeat(inner, outer);
}

function isAnchor(node: Node): boolean {
  return node.kind === 'anchor' || node.kind === 'look';
}

/** `node` under a quantifier that was read at `at`. @throws TokenizerError where nothing is there to repeat */
export function quantify(node: Node, quantifier: Quantifier, reader: PatternReader, at: number): Node {
  if (isAnchor(node) || (node.kind === 'choice' && node.items.some(isAnchor))) {
    throw reader.invalid('a quantifier behind what matches no characters', at);
  }
  const once = quantifier.min === 1 && quantifier.max === 1;
  const repeated = once ? node : node.kind === 'repeat' ? nested(node, quantifier) : repeat(node, quantifier);
  return quantifier.possessive ? { kind: 'atomic', body: repeated } : repeated;
}
