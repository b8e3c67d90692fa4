import type { TokenSource } from '../encoding/token-run.js';
import { TokenizerError, type TokenizerErrorCode } from '../errors.js';
import type { TokenizerCore } from '../tokenizer-core.js';

/** What a thread is told to tokenize. */
export interface Job {
  readonly number: number;
  readonly texts: readonly string[];
  /** Nothing but ids is wanted. */
  readonly idsOnly: boolean;
  /** Special tokens in the texts are plain text. */
  readonly plainSpecial: boolean;
}

/** The tokens of all texts of a job, one after the other. */
export interface Columns {
  /** Number of tokens of each text. */
  readonly counts: Int32Array;
  readonly ids: Int32Array;
  readonly spans: Int32Array;
  readonly words: Int32Array;
  /** Tokens whose text is not that of their id. */
  readonly surfaces: readonly (readonly [row: number, text: string])[];
}

/** An error as it crosses threads, where classes are lost. */
export interface Failure {
  readonly message: string;
  readonly code: TokenizerErrorCode | undefined;
}

export type Answer = { readonly number: number } & ({ readonly columns: Columns } | { readonly failure: Failure });

export function failureOf(error: unknown): Failure {
  const code = error instanceof TokenizerError ? error.code : undefined;
  return { message: error instanceof Error ? error.message : String(error), code };
}

export function restore({ message, code }: Failure): Error {
  return code === undefined ? new Error(message) : new TokenizerError(code, message);
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Does a job. */
export function perform(tokenizer: TokenizerCore, { texts, idsOnly, plainSpecial }: Job): Columns {
  if (idsOnly) {
    const ids = tokenizer.encodeIdsBatch(texts, { encodeSpecialTokens: plainSpecial });
    const counts = Int32Array.from(ids, (row) => row.length);
    return { counts, ids: concat(ids), spans: concat([]), words: concat([]), surfaces: [] };
  }
  const encodings = texts.map((text) => tokenizer.tokenize(text, plainSpecial));
  const surfaces: [number, string][] = [];
  let row = 0;
  for (const { segments } of encodings) {
    for (const { run } of segments) {
      for (let i = 0; i < run.ids.length; i++, row++) {
        const surface = run.surface(i);
        if (surface !== undefined) surfaces.push([row, surface]);
      }
    }
  }
  return {
    counts: Int32Array.from(encodings, (encoding) => encoding.length),
    ids: concat(encodings.map((encoding) => encoding.ids)),
    spans: concat(encodings.map((encoding) => encoding.spans)),
    words: concat(encodings.map((encoding) => encoding.words)),
    surfaces,
  };
}

/** The tokens of each text of a job again. */
export function* sources(
  { counts, ids, spans, words, surfaces }: Columns,
  texts: readonly string[],
): Generator<TokenSource> {
  let from = 0;
  let surface = 0;
  for (const [i, count] of counts.entries()) {
    const to = from + count;
    const own = new Map<number, string>();
    for (; surface < surfaces.length && surfaces[surface][0] < to; surface++) {
      own.set(surfaces[surface][0] - from, surfaces[surface][1]);
    }
    yield {
      ids: ids.subarray(from, to),
      spans: spans.subarray(2 * from, 2 * to),
      words: words.subarray(from, to),
      text: texts[i],
      surfaces: own,
    };
    from = to;
  }
}
