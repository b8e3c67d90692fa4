import { expect, test } from 'vitest';
import { knownPretokens, knownScanner, type PatternEngine } from '../src/pre-tokenizers/known-patterns.js';
import { scanWith } from '../src/pre-tokenizers/pretoken-scan.js';
import { IntList } from '../src/text/int-list.js';
import { golden } from './goldens.js';

interface Patterns {
  texts: string[];
  frame: string;
  patterns: { engine: PatternEngine; pattern: string; lengths: number[][]; checksum?: number }[];
}

const { texts, frame, patterns } = golden<Patterns>('pattern-goldens');

/** Lengths of the pieces; checks that they cover the text. */
function lengths(engine: PatternEngine, pattern: string, text: string): number[] {
  const bounds = new IntList();
  const end = knownPretokens(pattern, engine);
  if (end === undefined) throw new Error(`not known: ${pattern}`);
  scanWith(end)(text, 0, text.length, bounds);
  const out: number[] = [];
  let at = 0;
  for (let i = 0; i < bounds.length; i += 2) {
    if (bounds.data[i] !== at) throw new Error(`gap at ${at}`);
    out.push(bounds.data[i + 1] - at);
    at = bounds.data[i + 1];
  }
  if (at !== text.length) throw new Error(`ends at ${at} of ${text.length}`);
  return out;
}

test.each(patterns.map((row) => [row.engine, row.pattern, row] as const))(
  'divides as %s does: %s',
  (engine, pattern, row) => {
    texts.forEach((text, i) => {
      expect(lengths(engine, pattern, text), JSON.stringify(text)).toEqual(row.lengths[i]);
    });
  },
);

test.each(patterns.filter((row) => row.checksum !== undefined).map((row) => [row.engine, row.pattern, row] as const))(
  'divides at every assigned code point as %s does: %s',
  (engine, pattern, { checksum }) => {
    let value = 0x811c9dc5;
    // The planes that hold characters.
    for (let block = 0; block < 0xe1000; block = block === 0x33000 ? 0xe0000 : block + 0x1000) {
      let text = '';
      for (let code = block; code < block + 0x1000; code++) {
        if (code < 0xd800 || code > 0xdfff)
          text += frame.replaceAll('{0}', String.fromCodePoint(code).replace('$', '$$$$'));
      }
      for (const length of lengths(engine, pattern, text)) value = Math.imul(value ^ length, 0x01000193);
    }
    expect(value >>> 0).toBe(checksum);
  },
);

test('a part of a text is divided as if it were the whole', () => {
  for (const { pattern } of patterns) {
    const scan = knownScanner(pattern)!;
    for (const text of texts) {
      const [whole, inner] = [new IntList(), new IntList()];
      scan(text, 0, text.length, whole);
      scan(`a1 ${text}\n b`, 3, 3 + text.length, inner);
      expect([...inner.toArray()].map((at) => at - 3)).toEqual([...whole.toArray()]);
    }
  }
});

test('a pattern that is not known stays so', () => {
  for (const { pattern } of patterns) {
    expect(knownScanner(`${pattern}|a`)).toBeUndefined();
    expect(knownScanner(pattern.slice(1))).toBeUndefined();
  }
  expect(knownScanner('')).toBeUndefined();
});

test('long runs take linear time', () => {
  for (const { engine, pattern } of patterns) {
    for (const unit of [' ', '\n ', 'A', '\u0301A', '中A', "'", '1', '! ']) {
      const text = unit.repeat(50_000);
      const started = performance.now();
      lengths(engine, pattern, text);
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(500);
    }
  }
});
