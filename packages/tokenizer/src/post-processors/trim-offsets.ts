import { astral, unitTable } from '../encoding/code-points.js';
import type { Encoding } from '../encoding/encoding.js';
import type { Segment } from '../encoding/segment.js';
import type { TokenRun } from '../encoding/token-run.js';
import { byteCharacterCode } from '../text/byte-alphabet.js';
import { CLASSES, SPACE } from '../unicode/classes.js';

function isSpace(code: number): boolean {
  return code === byteCharacterCode(0x20) || (CLASSES[code] & SPACE) !== 0;
}

/** Shrinks the span of the token in `row` by the spaces that the token begins and ends with. */
function trim(spans: Int32Array, row: number, token: string, keepOneAtStart: boolean): void {
  let leading = 0;
  while (leading < token.length && isSpace(token.charCodeAt(leading))) leading++;
  let trailing = 0;
  while (trailing < token.length && isSpace(token.charCodeAt(token.length - 1 - trailing))) trailing++;
  // A single space at the very beginning was put there by add_prefix_space and has no offsets of its own.
  if (keepOneAtStart && leading === 1) leading = 0;
  if (leading > 0) spans[2 * row] = Math.min(spans[2 * row] + leading, spans[2 * row + 1]);
  if (trailing > 0 && spans[2 * row + 1] >= trailing) {
    spans[2 * row + 1] = Math.max(spans[2 * row + 1] - trailing, spans[2 * row]);
  }
}

/** Rows `from` to `to` of a run with trimmed spans, which are computed when they are first asked for. */
class TrimmedRun implements TokenRun {
  readonly ids: Int32Array;
  readonly text: string | undefined;
  readonly #source: Segment;
  /** The run that knows the tokens, and which of its rows is the first of these. */
  readonly #tokens: TokenRun;
  readonly #first: number;
  readonly #trimAll: (spans: Int32Array) => Int32Array;
  #codePointSpans: Int32Array | undefined;
  #spans: Int32Array | undefined;

  constructor(source: Segment, tokenOf: (id: number) => string | undefined, isFirst: boolean, prefixed: boolean) {
    this.ids = source.run.ids.subarray(source.from, source.to);
    this.text = source.run.text;
    this.#source = source;
    // Of what was trimmed before, the tokens are asked for directly, not from one to the other.
    this.#tokens = source.run instanceof TrimmedRun ? source.run.#tokens : source.run;
    this.#first = source.from + (source.run instanceof TrimmedRun ? source.run.#first : 0);
    this.#trimAll = (given) => {
      const spans = given.slice(2 * source.from, 2 * source.to);
      for (let i = 0; i < this.ids.length; i++) {
        const token = this.surface(i) ?? tokenOf(this.ids[i]) ?? '';
        trim(spans, i, token, prefixed && ((isFirst && i === 0) || spans[2 * i] === 0));
      }
      return spans;
    };
  }

  spans(): Int32Array | undefined {
    this.#spans ??= this.#trimUnits();
    return this.#spans;
  }

  codePointSpans(): Int32Array | undefined {
    const spans = this.#source.run.codePointSpans();
    if (spans !== undefined) this.#codePointSpans ??= this.#trimAll(spans);
    return this.#codePointSpans;
  }

  words(): Int32Array | undefined {
    const { from, to, run } = this.#source;
    return run.words()?.subarray(from, to);
  }

  surface(row: number): string | undefined {
    return this.#tokens.surface(this.#first + row);
  }

  /** Spaces are counted in characters, so that trimming is done in these where they differ from units. */
  #trimUnits(): Int32Array | undefined {
    const { text } = this;
    if (text !== undefined && astral(text)) {
      const units = unitTable(text);
      return this.codePointSpans()?.map((point) => units[point]);
    }
    const spans = this.#source.run.spans();
    return spans && this.#trimAll(spans);
  }
}

function trimOne(encoding: Encoding, addPrefixSpace: boolean): Encoding {
  const segments = encoding.segments.map((segment, i): Segment => {
    const run = new TrimmedRun(segment, encoding.tokenOf, i === 0, addPrefixSpace);
    return { ...segment, run, from: 0, to: segment.to - segment.from };
  });
  return encoding.with(segments);
}

/**
 * Takes the spaces a token begins or ends with out of its offsets, here and in what overflowed.
 * @param addPrefixSpace whether a single space before a text was put there and has no offsets of its own
 */
export function trimOffsets(encoding: Encoding, addPrefixSpace: boolean): Encoding {
  return encoding.withAll((part) => trimOne(part, addPrefixSpace));
}
