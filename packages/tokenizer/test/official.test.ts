import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Tokenizer } from '../src/index.js';
import { dataPath, golden } from './goldens.js';

interface Row {
  ids: number[];
  /** Differences of the spans. */
  spans: number[];
  decoded: string;
}

interface Official {
  texts: string[];
  vocabularies: Record<string, { path: string; rows: Row[] }>;
}

const { texts, vocabularies } = golden<Official>('official');

describe.each(Object.entries(vocabularies))('%s as the Rust library has it', (_, { path, rows }) => {
  const file = dataPath(path);

  test('ids, offsets and decoded text', (ctx) => {
    if (file === undefined) return ctx.skip(`${path} is not in the data folder (GERBERT_DATA)`);
    const tokenizer = Tokenizer.fromJSON(readFileSync(file, 'utf8'));
    texts.forEach((text, i) => {
      const encoding = tokenizer.encode(text, { addSpecialTokens: false });
      const flat = encoding.offsets.flat();
      const found: Row = {
        ids: [...encoding.ids],
        spans: flat.map((x, k) => x - (k === 0 ? 0 : flat[k - 1])),
        decoded: tokenizer.decode(encoding.ids, { skipSpecialTokens: false }),
      };
      expect(found, JSON.stringify(text)).toEqual(rows[i]);
      expect([...tokenizer.encodeIds(text)], JSON.stringify(text)).toEqual(rows[i].ids);
    });
  });

  test('written as it was read', (ctx) => {
    if (file === undefined) return ctx.skip(`${path} is not in the data folder (GERBERT_DATA)`);
    const json = JSON.parse(readFileSync(file, 'utf8'));
    expect(Tokenizer.fromJSON(json).toJSON()).toEqual(json);
  });
});
