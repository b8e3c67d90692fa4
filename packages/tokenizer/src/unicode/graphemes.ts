import {
  CONJUNCT_EXTEND,
  CONSONANT,
  CONTROL,
  EXTEND,
  GRAPHEME_RUNS,
  LEADING,
  LINKER,
  PICTOGRAPHIC,
  PREPEND,
  SPACING_MARK,
  TRAILING,
  VOWEL,
} from './grapheme-runs.js';
import { tableOfRuns } from './runs.js';

// Classes that are ranges or single characters in every version of Unicode, and so not in the table.
const SYLLABLE_LV = 12;
const SYLLABLE_LVT = 13;
const REGIONAL = 14;
const JOINER = 0x200d;
const SYLLABLES = 0xac00;
const SYLLABLE_COUNT = 11172;
const FIRST_REGIONAL = 0x1f1e6;

let table: Uint8Array | undefined;

function classOf(code: number, classes: Uint8Array): number {
  const syllable = code - SYLLABLES;
  if (syllable >= 0 && syllable < SYLLABLE_COUNT) return syllable % 28 === 0 ? SYLLABLE_LV : SYLLABLE_LVT;
  if (code >= FIRST_REGIONAL && code < FIRST_REGIONAL + 26) return REGIONAL;
  return classes[code];
}

function extendsCluster(c: number): boolean {
  return c === EXTEND || c === LINKER || c === CONJUNCT_EXTEND;
}

/** GB6 to GB8: Hangul syllables are not divided. */
function joinsHangul(before: number, after: number): boolean {
  switch (before) {
    case LEADING:
      return after === LEADING || after === VOWEL || after === SYLLABLE_LV || after === SYLLABLE_LVT;
    case VOWEL:
    case SYLLABLE_LV:
      return after === VOWEL || after === TRAILING;
    case TRAILING:
    case SYLLABLE_LVT:
      return after === TRAILING;
    default:
      return false;
  }
}

/** How far a pictograph with its joiner (GB11), or a consonant with its linker (GB9c), has come. */
const NONE = 0;
const BEGUN = 1;
const LINKED = 2;

/** What of a cluster counts for the next boundary. */
class State {
  before = 0;
  #picture = NONE;
  #conjunct = NONE;
  #regional = 0;

  begin(code: number, c: number): void {
    this.before = c;
    this.#picture = NONE;
    this.#conjunct = NONE;
    this.#regional = 0;
    this.take(code, c);
  }

  take(code: number, c: number): void {
    this.before = c;
    if (c === PICTOGRAPHIC) this.#picture = BEGUN;
    else if (code === JOINER) this.#picture = this.#picture === BEGUN ? LINKED : NONE;
    else if (!extendsCluster(c) || this.#picture === LINKED) this.#picture = NONE;
    if (c === CONSONANT) this.#conjunct = BEGUN;
    else if (c === LINKER) this.#conjunct = this.#conjunct === NONE ? NONE : LINKED;
    else if (c !== CONJUNCT_EXTEND) this.#conjunct = NONE;
    this.#regional = c === REGIONAL ? this.#regional + 1 : 0;
  }

  /** Whether a character of class `c` belongs to the cluster. */
  joins(c: number): boolean {
    if (this.before === CONTROL || c === CONTROL) return false;
    if (extendsCluster(c) || c === SPACING_MARK || this.before === PREPEND) return true;
    if (c === PICTOGRAPHIC && this.#picture === LINKED) return true;
    if (c === CONSONANT && this.#conjunct === LINKED) return true;
    if (c === REGIONAL) return this.#regional % 2 === 1;
    return joinsHangul(this.before, c);
  }
}

/**
 * Finds extended grapheme clusters (Unicode Standard Annex #29, rules GB3 to GB13) by the Unicode version of the Rust library:
 * as far as it can be made out through the library's Precompiled normalizer, for which this is.
 */
export class GraphemeScanner {
  readonly #state = new State();
  readonly #classes: Uint8Array;

  constructor() {
    table ??= tableOfRuns(GRAPHEME_RUNS);
    this.#classes = table;
  }

  /**
   * Whether the character `unit` is a cluster by itself before `next` (NaN: at the end), as far as that is plain from both:
   * most are of no class, and controls are always alone but for CR.
   */
  alone(unit: number, next: number): boolean {
    if ((unit & 0xf800) === 0xd800 || unit === 0x0d) return false;
    const c = this.#classes[unit];
    if (c === CONTROL) return true;
    // Halves of surrogate pairs have no class, but what they are halves of may.
    return c === 0 && (this.#classes[next] === 0 ? (next & 0xf800) !== 0xd800 : Number.isNaN(next));
  }

  /** End of the cluster that begins at `i`. */
  end(text: string, i: number): number {
    const first = text.codePointAt(i)!;
    let at = i + (first > 0xffff ? 2 : 1);
    if (first === 0x0d) return text.charCodeAt(at) === 0x0a ? at + 1 : at;
    this.#state.begin(first, classOf(first, this.#classes));
    while (at < text.length) {
      const code = text.codePointAt(at)!;
      const c = classOf(code, this.#classes);
      if (!this.#state.joins(c)) break;
      this.#state.take(code, c);
      at += code > 0xffff ? 2 : 1;
    }
    return at;
  }
}
