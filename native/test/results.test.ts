import { describe, expect, test } from 'vitest';
import { addonOf, isas, needIsa, runProcess } from './built.js';

interface Results {
  kernels: string[];
  results: Record<string, { hashes: string[]; values: number[] }>;
}

const threads = ['1', '2', '3', '4', '8', '1'];

describe('every kernel', () => {
  test.for(isas)('gives the same bits for any number of threads, on %s', (isa, context) => {
    const addon = needIsa(isa, context);
    const { kernels, results } = runProcess('results.mjs', [isa, ...threads], addon) as Results;
    expect(Object.keys(results).sort()).toEqual([...kernels].sort());
    for (const [name, { hashes }] of Object.entries(results)) expect(new Set(hashes).size, name).toBe(1);
  });

  test('gives nearly the same on every instruction set', (context) => {
    const found = isas.flatMap((isa) => ({ isa, addon: addonOf(isa) })).filter(({ addon }) => addon !== undefined);
    // Where the build over SIMDe is missing and the processor is plain there is nothing to compare with.
    if (found.length < 2) context.skip('this machine runs one instruction set');
    const [best, ...others] = found.map(
      ({ isa, addon }) => (runProcess('results.mjs', [isa, '1'], addon) as Results).results,
    );
    for (const other of others) {
      for (const [name, { values }] of Object.entries(best)) {
        // Sums of up to 600 products of numbers below 1, computed in two orders in f32, and what is exact.
        const scale = Math.max(1, ...values.map(Math.abs));
        const errors = values.map((value, i) => Math.abs(value - other[name].values[i]));
        expect(Math.max(0, ...errors), name).toBeLessThan(600 * 2 ** -24 * scale);
      }
    }
  });
});
