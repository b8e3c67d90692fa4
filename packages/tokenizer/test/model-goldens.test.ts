import { expect, test } from 'vitest';
import { Tokenizer, TokenizerError } from '../src/index.js';
import type { JsonObject } from '../src/json/fields.js';
import { golden } from './goldens.js';

/** Ids, spans, and by index the tokens that are not those of the vocabulary. */
type Row = [ids: number[], spans: number[], own: Record<string, string>];

interface Models {
  words: string[];
  cases: { model: JsonObject; written: boolean; rows: (Row | null)[] }[];
}

const { words, cases } = golden<Models>('model-goldens');

function row(tokenizer: Tokenizer, word: string): Row | null {
  try {
    const { ids, tokens, offsets } = tokenizer.encode(word);
    const own = tokens.flatMap((token, i) => (token === tokenizer.idToToken(ids[i]) ? [] : [[String(i), token]]));
    return [[...ids], offsets.flat(), Object.fromEntries(own)];
  } catch (error) {
    // Where the Rust library raises.
    if (error instanceof TokenizerError && error.code === 'TOKENIZER_UNK_MISSING') return null;
    throw error;
  }
}

test.each(
  cases.map((c, i) => {
    const { vocab: _, merges: __, ...options } = c.model;
    return [i, JSON.stringify(options), c] as const;
  }),
)('model %i %s tokenizes as the Rust library does', (_, __, { model, written, rows }) => {
  const tokenizer = Tokenizer.fromJSON({ version: '1.0', model });
  words.forEach((word, i) => {
    expect(row(tokenizer, word), word).toEqual(rows[i]);
    // Again, from the cache.
    expect(row(tokenizer, word), word).toEqual(rows[i]);
    const ids = rows[i]?.[0];
    if (ids !== undefined) expect([...tokenizer.encodeIds(word)], word).toEqual(ids);
  });
  // The library writes a merge that is given twice once.
  if (!written) expect(tokenizer.toJSON().model).toEqual(model);
});
