import { describe, expect, test } from 'vitest';
import { type Encoding, Tokenizer } from '../src/index.js';
import { type GoldenEncoding, golden } from './goldens.js';

interface Processing {
  base: object;
  /** `tokenizer`: in what it differs from `base`. */
  cases: { tokenizer: object; text: string; pair: string | null; special: boolean; encoding: GoldenEncoding }[];
}

function plain(encoding: Encoding): GoldenEncoding {
  return {
    ids: [...encoding.ids],
    typeIds: [...encoding.typeIds],
    attentionMask: [...encoding.attentionMask],
    specialTokensMask: [...encoding.specialTokensMask],
    spans: encoding.offsets.flat(),
    wordIds: encoding.wordIds,
    sequenceIds: encoding.sequenceIds,
    tokens: [...encoding.tokens],
    overflowing: encoding.overflowing.map(plain),
  };
}

describe('truncation, padding, templates and added tokens as the Rust library has them', () => {
  const { base, cases } = golden<Processing>('processing');

  test.each(cases.map((c, i) => [i, c.text, c.pair, c] as const))('case %i: %s / %s', (_i, text, pair, c) => {
    const tokenizer = Tokenizer.fromJSON({ ...base, ...c.tokenizer });
    const encoding = tokenizer.encode(text, { pair: pair ?? undefined, addSpecialTokens: c.special });
    expect(plain(encoding)).toEqual(c.encoding);
    expect(tokenizer.toJSON()).toEqual({ ...base, ...c.tokenizer });
  });
});
