import { type Encoding, Tokenizer, TokenizerError } from '../../src/index.js';
import type { Case, Described, Outcome, Result, Run } from './case.js';

/** Something else than a TokenizerError was thrown. That is always wrong. */
export class Crash extends Error {}

export function describe(encoding: Encoding): Described {
  return {
    ids: [...encoding.ids],
    tokens: [...encoding.tokens],
    typeIds: [...encoding.typeIds],
    attentionMask: [...encoding.attentionMask],
    specialTokensMask: [...encoding.specialTokensMask],
    wordIds: [...encoding.wordIds],
    sequenceIds: [...encoding.sequenceIds],
    offsets: encoding.offsets.flat(),
    overflowing: encoding.overflowing.map(describe),
  };
}

/** The value, or the error's code in brackets with its message. @throws Crash on any other error. */
export function guarded<T>(work: () => T): { value: T } | { error: string } {
  try {
    return { value: work() };
  } catch (cause) {
    if (cause instanceof TokenizerError) return { error: `[${cause.code}] ${cause.message}` };
    throw new Crash(`${cause instanceof Error ? cause.stack : cause}`, { cause });
  }
}

function encoded(tokenizer: Tokenizer, run: Run & { kind: 'encode' }): Described {
  return describe(tokenizer.encode(run.text, { pair: run.pair, addSpecialTokens: run.special }));
}

/** What each push gave, and in the end what was left. */
function streamed(tokenizer: Tokenizer, run: Run & { kind: 'stream' }): string[] {
  const stream = tokenizer.decodeStream({ skipSpecialTokens: run.skip });
  return [...run.ids.map((id) => stream.push(id)), stream.end()];
}

const PLAIN = { addSpecialTokens: false, truncation: null, padding: null } as const;

function perform(tokenizer: Tokenizer, run: Run): unknown {
  switch (run.kind) {
    case 'encode':
      return encoded(tokenizer, run);
    case 'batch':
      return tokenizer.encodeBatch(run.texts, { addSpecialTokens: run.special }).map(describe);
    case 'decode':
      return tokenizer.decode(run.ids, { skipSpecialTokens: run.skip });
    case 'stream':
      return streamed(tokenizer, run);
    case 'again': {
      const loaded = Tokenizer.fromJSON(JSON.stringify(tokenizer));
      return JSON.stringify([...loaded.encode(run.text, PLAIN).ids]);
    }
    case 'json':
      return JSON.stringify(tokenizer);
  }
}

/** @throws Crash */
export function runOurs(tokenizer: Tokenizer, runs: readonly Run[]): Result[] {
  return runs.map((run) => guarded(() => perform(tokenizer, run)));
}

/** @throws Crash */
export function loadOurs({ config, added }: Pick<Case, 'config' | 'added'>): { tokenizer: Tokenizer; added: number[] } {
  const tokenizer = Tokenizer.fromJSON(JSON.stringify(config));
  const counts = added.map(({ content, single_word, lstrip, rstrip, normalized, special }) => {
    const token = { content, singleWord: single_word, lstrip, rstrip, normalized };
    return special ? tokenizer.addSpecialTokens([token]) : tokenizer.addTokens([token]);
  });
  return { tokenizer, added: counts };
}

/** @throws Crash */
export function ourOutcome(given: Case): Outcome {
  return guarded(() => {
    const { tokenizer, added } = loadOurs(given);
    return { added, results: runOurs(tokenizer, given.runs) };
  });
}

/**
 * Whether ids alone come out as encode has them, before and after.
 * @throws Crash
 */
export function inconsistency(given: Case): string | undefined {
  const { tokenizer } = loadOurs(given);
  const texts = given.runs.flatMap((run) => (run.kind === 'encode' ? [run.text] : []));
  for (const text of texts) {
    const first = guarded(() => JSON.stringify([...tokenizer.encodeIds(text)]));
    const second = guarded(() => JSON.stringify([...tokenizer.encode(text, PLAIN).ids]));
    const third = guarded(() => JSON.stringify([...tokenizer.encodeIds(text)]));
    for (const [name, other] of [
      ['encodeIds and encode', second],
      ['encodeIds twice', third],
    ] as const) {
      const differs = 'error' in first ? !('error' in other) : !('value' in other) || first.value !== other.value;
      if (differs)
        return `${name} differ on ${JSON.stringify(text)}: ${JSON.stringify(first)} and ${JSON.stringify(other)}`;
    }
  }
  return undefined;
}
