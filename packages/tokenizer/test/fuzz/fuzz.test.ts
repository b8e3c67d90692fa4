import { expect, test } from 'vitest';
import { exerciseFiles } from './exercise.js';
import { spoiltFiles } from './files.js';
import { loadFolder } from './folder.js';

/** A slice of `npm run fuzz`, which does many more. */
test('spoilt files work, or end in a TokenizerError', async () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= 300; seed++) {
    const verdict = await exerciseFiles(spoiltFiles(seed, []), loadFolder);
    if (typeof verdict === 'object') expect.fail(`seed ${seed}: ${verdict.failure}`);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  // Both ways are gone often enough to mean something.
  expect(counts.get('worked')).toBeGreaterThan(20);
  expect(counts.get('refused')).toBeGreaterThan(100);
});
