import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../src/files.mjs';
import { measure } from '../src/measure.mjs';
import { cells, row, timedRow } from '../src/rows.mjs';
import { Sides } from '../src/sides.mjs';
import { Digest } from '../src/tokenizer/digest.mjs';
import { documentsOf, slicesOf } from '../src/tokenizer/texts.mjs';
import { fromRanks } from '../src/tokenizer/vocabularies.mjs';

describe('documents', () => {
  it('have one size, in which no surrogate pair is torn apart, and no end is a shorter one', () => {
    const text = `${'a'.repeat(1999)}😀${'b'.repeat(1999)}ccc`;
    expect([...documentsOf([text, 'short'])]).toEqual([`${'a'.repeat(1999)}😀`, `${'b'.repeat(1999)}c`]);
  });

  it('go to slices of one size, each to one', () => {
    const documents = Array.from({ length: 11 }, (_, i) => 'é'.repeat(i + 1));
    const { slices, bytes } = slicesOf(documents, 3, 100);
    expect(slices.map((slice) => slice.map((text) => text.length))).toEqual([
      [1, 4, 7],
      [2, 5, 8],
      [3, 6, 9],
    ]);
    // The first is no round.
    expect(bytes).toBe(2 * ((15 + 18) / 2));
    expect(slicesOf(documents, 3, 2).slices.map((slice) => slice.length)).toEqual([2, 2, 2]);
  });
});

it('a digest tells lists of numbers apart, also where they begin', () => {
  const of = (...lists: number[][]) => {
    const digest = new Digest();
    for (const list of lists) digest.add(list);
    return [...digest.values()];
  };
  expect(of([1, 2], [3])).toEqual(of([1, 2], [3]));
  expect(of([1, 2], [3])).not.toEqual(of([1], [2, 3]));
  expect(of([1, 2])).not.toEqual(of([1, 3]));
  const bytes = Buffer.from(Int32Array.of(2, 1, 70_000).buffer);
  expect(of([1, 70_000])).toEqual([...createHash('sha256').update(bytes).digest(), 0, 2]);
});

it('rank files become vocabularies with the merges that ranks stand for', () => {
  const tokens = ['h', 'e', 'l', 'he', 'll', 'hel', 'hell', ' h', 'lh', 'ehl', 'eh', 'helh'];
  const lines = tokens.map((token, rank) => `${Buffer.from(token).toString('base64')} ${rank}`).join('\n');
  const { model, pre_tokenizer } = fromRanks(`${lines}\n`, 'p+');
  expect(model.vocab).toEqual({
    h: 0,
    e: 1,
    l: 2,
    he: 3,
    ll: 4,
    hel: 5,
    hell: 6,
    Ġh: 7,
    lh: 8,
    ehl: 9,
    eh: 10,
    helh: 11,
  });
  // `hell` is not `hel` and `l`: by ranks it is `he` and `ll`. No pair of lower ranks makes `Ġh`, whose space is no token.
  expect(model.merges).toEqual([
    ['h', 'e'],
    ['l', 'l'],
    ['he', 'l'],
    ['he', 'll'],
    ['Ġ', 'h'],
    ['l', 'h'],
    ['e', 'h'],
    ['hel', 'h'],
  ]);
  expect(pre_tokenizer.pretokenizers[0].pattern).toEqual({ Regex: 'p+' });
});

it('rows about text are told as speeds, the slowest round first, and bundles by their size', () => {
  const known = { suite: 'tokenizer', case: 'ids', dtype: 'text', threads: 1, peer: 'Other' };
  const text = cells(timedRow({ ...known, bytes: 1_000_000 }, [10, 20, 40], null));
  expect([text[3], text[5]]).toEqual(['50.0 MB/s (25.0–100)', '–']);
  const code = cells(row({ ...known, kB: { ours: 12.34, peer: null } }));
  expect([code[3], code[5]]).toEqual(['12.3 kB', '–']);
});

it('with data for every round, each is run once, after one that comes before', async () => {
  const toy = fileURLToPath(new URL('sides/rounds.mjs', import.meta.url));
  const side = (label: string) => ({ label, command: process.execPath, args: [toy] });
  const sides = new Sides({ gerbert: side('gerbert'), peer: side('peer') } as never);
  const temporary = temporaryFolder();
  try {
    const item = {
      name: 'rounds',
      dtype: 'text',
      threads: 1,
      op: 'rounds',
      inputs: () => ({}),
      expect: () => null,
      peers: [{ side: 'peer' }],
      rotates: true,
      rounds: 3,
      bytes: 5,
    };
    const context = { sides, peaks: {}, folder: temporary.folder, rounds: 9, suite: 'toys' };
    const [found] = await measure(item as never, context as never);
    expect(found).toMatchObject({ bytes: 5, oursMs: expect.any(Number) });
    const { versions } = await (await sides.get('peer')).request({ op: 'hello' });
    // What prepares, what warms up, and the rounds.
    expect(versions.seen).toEqual([0, 0, 1, 2, 3]);
  } finally {
    await sides.close();
    temporary.remove();
  }
});
