import { type Fields, malformed } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';

/** What becomes of the matches that a text is divided at. */
export type DelimiterBehavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

const BEHAVIORS: readonly DelimiterBehavior[] = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
];

/** `fallback`: for fields that may be left out. @throws TokenizerError `TOKENIZER_JSON_MALFORMED` */
export function readBehavior(fields: Fields, fallback?: DelimiterBehavior): DelimiterBehavior {
  const name = fields.string('behavior', fallback);
  const behavior = BEHAVIORS.find((each) => each === name);
  if (behavior === undefined) {
    throw malformed(`${fields.where}.behavior`, `"${name}" is none of ${BEHAVIORS.join(', ')}`);
  }
  return behavior;
}

/** Appends the range `from` to `to` unless it is empty. */
function keep(from: number, to: number, bounds: IntList): void {
  if (to > from) bounds.push2(from, to);
}

/** Divides a text, from match to match. */
export class Divider {
  readonly #behavior: DelimiterBehavior;
  /** Whether what is between matches counts as match, and the other way round. */
  readonly #invert: boolean;

  constructor(behavior: DelimiterBehavior, invert = false) {
    this.#behavior = behavior;
    this.#invert = invert;
  }

  /** Appends to `bounds` the pieces of what is between `from` and `to`, where `matches` are the matches in it. */
  divide(matches: IntList, from: number, to: number, bounds: IntList): void {
    switch (this.#behavior) {
      case 'Isolated':
        forSegments(matches, from, to, (start, end) => keep(start, end, bounds));
        return;
      case 'Removed':
        forSegments(matches, from, to, (start, end, isMatch) => {
          if (isMatch === this.#invert) keep(start, end, bounds);
        });
        return;
      default:
        this.#merge(matches, from, to, bounds);
    }
  }

  /** Segments join the one before them, or begin a piece; an empty match too keeps its neighbours apart. */
  #merge(matches: IntList, from: number, to: number, bounds: IntList): void {
    let pieceStart = from;
    let pieceEnd = from;
    let previous = false;
    let first = true;
    forSegments(matches, from, to, (start, end, found) => {
      const isMatch = found !== this.#invert;
      if (first || !this.#joins(previous, isMatch)) {
        keep(pieceStart, pieceEnd, bounds);
        pieceStart = start;
      }
      pieceEnd = end;
      previous = isMatch;
      first = false;
    });
    keep(pieceStart, pieceEnd, bounds);
  }

  #joins(previous: boolean, isMatch: boolean): boolean {
    switch (this.#behavior) {
      case 'MergedWithPrevious':
        return isMatch && !previous;
      case 'MergedWithNext':
        return previous && !isMatch;
      default:
        return previous === isMatch;
    }
  }
}

/** Calls `visit` with every match and everything between matches, in order. */
function forSegments(
  { data, length }: IntList,
  from: number,
  to: number,
  visit: (start: number, end: number, isMatch: boolean) => void,
): void {
  let last = from;
  for (let i = 0; i < length; i += 2) {
    if (data[i] > last) visit(last, data[i], false);
    visit(data[i], data[i + 1], true);
    last = data[i + 1];
  }
  if (to > last) visit(last, to, false);
}
