import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Tokenizer, TokenizerError } from '../src/index.js';
import type { Json } from '../src/json/fields.js';
import { golden } from './goldens.js';

interface Decoders {
  tokens: string[];
  lists: number[][];
  cases: { decoder: Json; rows: (string | null)[] }[];
}

const { tokens, lists, cases } = golden<Decoders>('decoder-goldens');

function withDecoder(decoder: Json): Tokenizer {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  return Tokenizer.fromJSON({ version: '1.0', decoder, model: { type: 'WordLevel', vocab, unk_token: 'a' } });
}

/** What the work comes to; null where it is refused. */
function outcome<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof TokenizerError) return null;
    throw error;
  }
}

function streamed(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  const stream = tokenizer.decodeStream({ skipSpecialTokens: false });
  return [...ids.map((id) => stream.push(id)), stream.end()];
}

test.each(cases.map((c) => [JSON.stringify(c.decoder), c] as const))('%s', (_, { decoder, rows }) => {
  const tokenizer = withDecoder(decoder);
  expect(tokenizer.toJSON().decoder).toEqual(decoder);
  lists.forEach((ids, i) => {
    const shown = JSON.stringify(ids.map((id) => tokens[id]));
    expect(
      outcome(() => tokenizer.decode(ids, { skipSpecialTokens: false })),
      shown,
    ).toBe(rows[i]);
    expect(
      outcome(() => streamed(tokenizer, ids).join('')),
      shown,
    ).toBe(rows[i]);
  });
});

const someIds = fc
  .uniqueArray(fc.nat({ max: tokens.length - 1 }), { minLength: 1, maxLength: 6 })
  .chain((some) => fc.array(fc.constantFrom(...some), { maxLength: 30 }));

test('a stream gives whole characters, and in the end what decode gives', () => {
  const tokenizers = cases.map(({ decoder }) => withDecoder(decoder));
  fc.assert(
    fc.property(fc.constantFrom(...tokenizers), someIds, (tokenizer, ids) => {
      const whole = outcome(() => tokenizer.decode(ids, { skipSpecialTokens: false }));
      const parts = outcome(() => streamed(tokenizer, ids));
      expect(parts?.join('') ?? null).toBe(whole);
      for (const part of parts ?? []) expect(part).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
    }),
    { numRuns: 2000 },
  );
});

test('a stream waits no longer than it must', () => {
  const stream = (decoder: Json, ...list: string[]): string[] =>
    streamed(
      withDecoder(decoder),
      list.map((token) => tokens.indexOf(token)),
    );
  const llama: Json[] = [
    { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
    { type: 'Strip', content: ' ', start: 1, stop: 0 },
  ];
  expect(stream({ type: 'Sequence', decoders: llama }, '▁a', '▁', '▁a', '<0xE6>', '<0x97>', '<0xA5>', 'b')).toEqual([
    ...['a', ' ', ' a', '', '', '', '日b', ''],
  ]);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true };
  expect(stream(byteLevel, 'Ġa', 'æ', 'Ĺ', '¥', 'ðŁ', 'a')).toEqual([' a', '', '', '日', '', '\ufffda', '']);
  expect(stream({ type: 'BPEDecoder', suffix: '</w>' }, 'a', 'a</w>', 'b')).toEqual(['a', '', 'a b', '']);
  const trailing: Json[] = [{ type: 'Fuse' }, { type: 'Strip', content: ' ', start: 0, stop: 1 }];
  expect(stream({ type: 'Sequence', decoders: trailing }, 'a ', ' ', 'b', ' ')).toEqual(['a', ' ', ' b', '', '']);
});

test('ten million bytes are decoded in linear time', () => {
  const tokenizer = withDecoder({ type: 'ByteLevel', add_prefix_space: true, trim_offsets: true });
  const ids = new Int32Array(1_000_000).fill(tokens.indexOf('æĹ¥'));
  const started = performance.now();
  expect(tokenizer.decode(ids).length).toBe(1_000_000);
  expect(performance.now() - started).toBeLessThan(3_000);
});

test.each<[Json, string]>([
  [{ type: 'Strip', content: 'ab', start: 0, stop: 0 }, 'decoder.content'],
  [{ type: 'Strip', content: 'a', start: -1, stop: 0 }, 'decoder.start'],
  [{ type: 'Sequence', decoders: [null] }, 'decoder.decoders'],
  [{ type: 'CTC', pad_token: 1, word_delimiter_token: '|', cleanup: true }, 'decoder.pad_token'],
  [{ type: 'Replace', pattern: {}, content: '' }, 'decoder.pattern'],
  [{ type: 'BPEDecoder' }, 'decoder.suffix'],
])('refuses %j', (decoder, words) => {
  expect(() => withDecoder(decoder)).toThrow(expect.objectContaining({ code: 'TOKENIZER_JSON_MALFORMED' }));
  expect(() => withDecoder(decoder)).toThrow(words);
});
