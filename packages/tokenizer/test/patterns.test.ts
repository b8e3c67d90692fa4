import { expect, test } from 'vitest';
import { readPattern } from '../src/patterns/pattern.js';
import { IntList } from '../src/text/int-list.js';

function matches(pattern: { String: string }, text: string, from = 0, to = text.length): number[] {
  const out = new IntList();
  readPattern(pattern, 'pattern').findAll(text, from, to, out);
  return [...out.toArray()];
}

test('a string is found as it stands, without overlap and within the range', () => {
  expect(matches({ String: 'aa' }, 'aaa baa')).toEqual([0, 2, 5, 7]);
  expect(matches({ String: '.' }, 'a.b')).toEqual([1, 2]);
  expect(matches({ String: 'ab' }, 'abab', 1, 3)).toEqual([]);
  expect(matches({ String: 'ab' }, 'xabab', 1, 4)).toEqual([1, 3]);
});

test('the empty string matches between code points, and nowhere in an empty range', () => {
  expect(matches({ String: '' }, 'a😀b')).toEqual([0, 0, 1, 1, 3, 3, 4, 4]);
  expect(matches({ String: '' }, '')).toEqual([]);
});

test.each([[null], [{}], [{ String: 1 }], [{ String: 'a', Regex: 'b' }], [{ Other: 'a' }]])('%j is refused', (json) => {
  expect(() => readPattern(json as never, 'pre_tokenizer.pattern')).toThrow(/^pre_tokenizer\.pattern/);
});
