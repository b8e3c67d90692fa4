import { RandomStream } from '@gerbert/tensor';
import { expect, it } from 'vitest';
import { windowOf } from '../../src/corpora/task.js';

it('windows are whole consecutive sentences, long enough wherever they begin, and begin everywhere they may', () => {
  const sentences = ['a b c.', 'd e.', 'f g h i.', 'j.', 'k l.'];
  const random = new RandomStream(1, 0);
  const windows = Array.from({ length: 200 }, () => windowOf(sentences, { least: 3, most: 5 }, random));
  expect([...new Set(windows)].sort()).toEqual(['a b c.', 'd e. f g h', 'f g h i.', 'j. k l.']);
});

it('a text too short for a window is one', () => {
  expect(windowOf(['a b.', 'c.'], { least: 9, most: 12 }, new RandomStream(1, 0))).toBe('a b. c.');
});
