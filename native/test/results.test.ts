import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addonPath, loadAddon, needAddon, runProcess } from './built.js';

interface Results {
  kernels: string[];
  results: Record<string, { hashes: string[]; values: number[] }>;
}

const isas = existsSync(addonPath) ? loadAddon().isas : [];
const threads = ['1', '2', '3', '4', '8', '1'];

describe('every kernel', () => {
  test.for(['avx512bf16', 'avx512', 'avx2', 'portable', 'neon'])(
    'gives the same bits for any number of threads, on %s',
    (isa, context) => {
      needAddon(context);
      const known = isas.find(({ name }) => name === isa);
      if (!known?.supported) context.skip(known ? `this processor has no ${isa}` : `this build has no ${isa}`);
      const { kernels, results } = runProcess('results.mjs', [isa, ...threads]) as Results;
      expect(Object.keys(results).sort()).toEqual([...kernels].sort());
      for (const [name, { hashes }] of Object.entries(results)) expect(new Set(hashes).size, name).toBe(1);
    },
  );

  test('gives nearly the same on every instruction set', (context) => {
    needAddon(context);
    const supported = isas.filter((isa) => isa.supported).map((isa) => isa.name);
    if (supported.length < 2) context.skip('this machine has one instruction set');
    const [best, ...others] = supported.map((isa) => (runProcess('results.mjs', [isa, '1']) as Results).results);
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
