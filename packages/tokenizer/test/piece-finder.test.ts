import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenSink } from '../src/models/model.js';
import { PieceFinder } from '../src/models/piece-finder.js';
import { Vocabulary } from '../src/models/vocabulary.js';

const PREFIXES = ['##', '', 'é', '@@@@'];
/** Characters of one to four bytes, the prefixes' among them. */
const characters = fc.constantFrom('a', 'b', '#', '@', 'é', 'ß', '京', '都', '\ufffd', '\n', '😀', '𝒳');
const words = fc.array(characters, { minLength: 1, maxLength: 12 }).map((list) => list.join(''));

/** The longest beginnings by trying all of them; undefined where there is none. */
function longestFirst(word: string, ids: ReadonlyMap<string, number>, prefix: string): number[][] | undefined {
  const out: number[][] = [];
  for (let start = 0; start < word.length; ) {
    let end = word.length;
    const token = (): string => (start > 0 ? prefix : '') + word.slice(start, end);
    while (end > start && !ids.has(token())) end--;
    if (end === start) return undefined;
    out.push([ids.get(token())!, start, end]);
    start = end;
  }
  return out;
}

function found(word: string, finder: PieceFinder): number[][] | undefined {
  const sink = new TokenSink();
  const units = Uint16Array.from({ length: word.length }, (_, i) => word.charCodeAt(i));
  if (!finder.match(units, word.length, sink)) return undefined;
  return Array.from({ length: sink.ids.length }, (_, i) => [sink.ids.data[i], sink.starts.data[i], sink.ends.data[i]]);
}

test('words are divided into the longest tokens that begin them', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PREFIXES),
      fc.array(fc.tuple(fc.boolean(), words), { maxLength: 40 }),
      fc.array(words, { minLength: 1, maxLength: 20 }),
      (prefix, tokens, texts) => {
        const list = new Set(['a', `${prefix}a`, ...tokens.map(([inside, token]) => (inside ? prefix : '') + token)]);
        // Ids with holes.
        const ids = new Map([...list].map((token, i) => [token, 3 * i]));
        const finder = new PieceFinder(new Vocabulary(ids).store(), prefix);
        for (const text of texts) expect(found(text, finder)).toEqual(longestFirst(text, ids, prefix));
        const long = texts.join('').repeat(20);
        expect(found(long, finder)).toEqual(longestFirst(long, ids, prefix));
      },
    ),
    { numRuns: 200 },
  );
});

test('tokens with lone surrogates are none of a text', () => {
  const ids = new Map([
    ['\ud800', 0],
    ['\ufffd', 1],
  ]);
  expect(found('\ufffd', new PieceFinder(new Vocabulary(ids).store(), '##'))).toEqual([[1, 0, 1]]);
});
