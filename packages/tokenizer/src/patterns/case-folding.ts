import { type CharSet, contains, rangeSet, unionOf } from './char-set.js';
import type { Node } from './syntax.js';
import { FOLD_RUNS, FOLD_SEQUENCES } from './unicode/folds.js';

interface Folds {
  /** The code points that equal one but for case, itself among them. */
  classes: Map<number, CharSet>;
  /** Sequences, folded, and the single code points that fold to them: ss and ß. */
  sequences: FoldSequence[];
  /** The same by every code point that may come first in one, and by the single ones. */
  byFirst: Map<number, FoldSequence[]>;
  bySingle: Map<number, FoldSequence>;
}

interface FoldSequence {
  codes: number[];
  singles: number[];
}

let folds: Folds | undefined;

function readFolds(): Folds {
  const numbers = FOLD_RUNS.split(' ').map((word) => Number.parseInt(word, 36));
  const members = new Map<number, number[]>();
  for (let i = 0, at = 0; i < numbers.length; i += 4) {
    at += numbers[i];
    for (let k = 0; k < numbers[i + 1]; k++) {
      const first = at + k * numbers[i + 2];
      const all = members.get(first) ?? [first];
      all.push(first + numbers[i + 3]);
      members.set(first, all);
    }
  }
  const classes = new Map<number, CharSet>();
  for (const all of members.values()) {
    const set = unionOf(all.map((code) => rangeSet(code, code)));
    for (const code of all) classes.set(code, set);
  }
  const sequences = FOLD_SEQUENCES.split(';').map((entry) => {
    const [codes, singles] = entry.split('=').map((list) => list.split(' ').map((word) => Number.parseInt(word, 36)));
    return { codes, singles };
  });
  const byFirst = new Map<number, FoldSequence[]>();
  const bySingle = new Map<number, FoldSequence>();
  for (const entry of sequences) {
    const set = classes.get(entry.codes[0]) ?? rangeSet(entry.codes[0], entry.codes[0]);
    for (let i = 0; i < set.length; i += 2) {
      for (let code = set[i]; code < set[i + 1]; code++) byFirst.set(code, [...(byFirst.get(code) ?? []), entry]);
    }
    for (const single of entry.singles) if (!bySingle.has(single)) bySingle.set(single, entry);
  }
  return { classes, sequences, byFirst, bySingle };
}

function allFolds(): Folds {
  folds ??= readFolds();
  return folds;
}

function foldClass(code: number): CharSet {
  return allFolds().classes.get(code) ?? rangeSet(code, code);
}

/** The code points that equal one of `set` but for case. */
export function closeOverCase(set: CharSet): CharSet {
  const more = [set];
  for (const [code, others] of allFolds().classes) if (contains(set, code)) more.push(others);
  return unionOf(more);
}

/** The sequences, a set per place, that single code points of `set` fold to: `ss` where ß is in it. */
export function sequencesOf(set: CharSet): CharSet[][] {
  return allFolds()
    .sequences.filter(({ singles }) => singles.some((single) => contains(set, single)))
    .map(({ codes }) => codes.map(foldClass));
}

function setNode(set: CharSet): Node {
  return { kind: 'set', set };
}

function sequence(codes: readonly number[]): Node {
  return { kind: 'sequence', items: codes.map((code) => setNode(foldClass(code))) };
}

function choice(singles: readonly number[], codes: readonly number[]): Node {
  const single = unionOf(singles.map((code) => rangeSet(code, code)));
  return { kind: 'choice', items: [setNode(single), sequence(codes)] };
}

/**
 * A string without regard to case, as Oniguruma reads it: from the left, three or two characters that some single one folds
 * to go together (`ss` is also ß), and what folds to several is also these. `alone`: look-behind, where none of that is done.
 */
export function caselessString(codes: readonly number[], alone: boolean): Node[] {
  const nodes: Node[] = [];
  for (let i = 0; i < codes.length; ) {
    const several = alone ? undefined : severalAt(codes, i);
    if (several !== undefined) {
      nodes.push(choice(several.singles, several.codes));
      i += several.codes.length;
      continue;
    }
    const code = codes[i++];
    const own = alone ? undefined : allFolds().bySingle.get(code);
    nodes.push(own === undefined ? setNode(foldClass(code)) : choice(own.singles, own.codes));
  }
  return nodes;
}

function severalAt(codes: readonly number[], at: number): FoldSequence | undefined {
  const entries = allFolds().byFirst.get(codes[at]) ?? [];
  for (const length of [3, 2]) {
    if (at + length > codes.length) continue;
    const found = entries.find(
      (entry) =>
        entry.codes.length === length && entry.codes.every((code, k) => contains(foldClass(code), codes[at + k])),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
