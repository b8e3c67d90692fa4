import { afterEach, describe, expect, test } from 'vitest';
import type { Backend, View } from '../src/backend.js';
import { GerbertError, isGerbertError } from '../src/errors.js';
import { hostMemory } from '../src/host-memory.js';
import { reference } from '../src/reference/index.js';
import { allclose, gradcheck, kernelContract, type TestRunner } from '../src/testing/index.js';

describe('allclose', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  test('takes |a − b| ≤ atol + rtol·|b|', () => {
    expect(allclose([1], [1])).toBe(true);
    expect(allclose([1.5], [1])).toBe(false);
    expect(allclose([1.5], [1], { atol: 0.5 })).toBe(true);
    expect(allclose([3], [2], { rtol: 0.5 })).toBe(true);
    expect(allclose([2], [3.5], { rtol: 0.4 })).toBe(false);
    expect(allclose([1, 2], [1])).toBe(false);
  });
  test('compares NaN and ∞ as themselves', () => {
    expect(allclose([nan, inf, -inf, 0], [nan, inf, -inf, -0])).toBe(true);
    for (const [a, b] of [
      [nan, 1],
      [1, nan],
      [inf, -inf],
      [1, inf],
      [inf, 1],
    ]) {
      expect(allclose([a], [b], { atol: 1e300, rtol: 1 })).toBe(false);
    }
  });
});

describe('gradcheck', () => {
  const square =
    (wrong: number) =>
    ([x, y]: Float64Array[]) => ({
      loss: x.reduce((total, value, i) => total + value * value * y[i], 0),
      gradients: [x.map((value, i) => 2 * value * y[i] + (i === 1 ? wrong : 0)), x.map((value) => value * value)],
    });
  const inputs = [Float64Array.of(1, -2, 30), Float64Array.of(0.5, 1, 2)];
  test('passes right gradients and counts them', () => {
    expect(gradcheck(square(0), inputs)).toBe(6);
    expect(gradcheck(square(0), inputs, { inputs: [1] })).toBe(3);
    expect(inputs[0]).toEqual(Float64Array.of(1, -2, 30));
  });
  test('names the wrong ones', () => {
    expect(() => gradcheck(square(1e-3), inputs)).toThrow(/1 of 6 gradients differ.*\n.*input 0, element 1/);
    expect(gradcheck(square(1e-3), inputs, { inputs: [1] })).toBe(3);
    expect(() => gradcheck(square(Number.NaN), inputs)).toThrow(/element 1/);
  });
  test('refuses losses and gradients it cannot compare', () => {
    expect(() => gradcheck(() => ({ loss: Number.NaN, gradients: inputs }), inputs)).toThrow(/loss is NaN/);
    expect(() => gradcheck(() => ({ loss: 1, gradients: [] }), inputs)).toThrow(/2 inputs, but 0 gradients/);
    expect(() => gradcheck(() => ({ loss: 1, gradients: [inputs[0], new Float64Array(1)] }), inputs)).toThrow(
      /input 1/,
    );
  });
});

describe('GerbertError', () => {
  test('is told by its symbol, whichever copy of the class made it', () => {
    const cause = new Error('why');
    const error = new GerbertError('SOME_CODE', 'what', { cause });
    expect(error).toMatchObject({ name: 'GerbertError', code: 'SOME_CODE', message: 'what', cause });
    expect(isGerbertError(error)).toBe(true);
    expect(isGerbertError(Object.assign(new Error('x'), { code: 'X', [Symbol.for('gerbert.error')]: true }))).toBe(
      true,
    );
    for (const other of [new Error('x'), null, undefined, 'x', { code: 'X' }])
      expect(isGerbertError(other)).toBe(false);
  });
});

/** Runs a contract without a test runner; returns what failed and what was skipped. */
async function outcome(
  open: () => Backend | { skip: string },
  only = '',
): Promise<{ failed: string[]; skipped: string[]; passed: number }> {
  const tests: [string, Parameters<TestRunner['test']>[1]][] = [];
  const path: string[] = [];
  const runner: TestRunner = {
    describe(name, body) {
      path.push(name);
      body();
      path.pop();
    },
    test: (name, body) => tests.push([[...path, name].join(' > '), body]),
  };
  kernelContract(runner, { name: 'here', open, dtypes: ['f32'] });
  const result = { failed: [] as string[], skipped: [] as string[], passed: 0 };
  for (const [name, body] of tests.filter(([name]) => name.includes(only))) {
    let skipped: string | undefined;
    try {
      await body({ skip: (reason) => (skipped = reason) });
      if (skipped === undefined) result.passed++;
      else result.skipped.push(skipped);
    } catch (error) {
      result.failed.push(`${name}: ${error}`);
    }
  }
  return result;
}

describe('kernelContract', () => {
  const required = process.env.REQUIRE_DEVICES;
  afterEach(() => {
    if (required === undefined) delete process.env.REQUIRE_DEVICES;
    else process.env.REQUIRE_DEVICES = required;
  });
  const backend: Backend = { ...hostMemory(), ...reference };

  test('skips with the reason, or fails where the device is required', async () => {
    process.env.REQUIRE_DEVICES = 'elsewhere';
    const skipped = await outcome(() => ({ skip: 'no such thing' }));
    expect(skipped.failed).toEqual([]);
    expect(new Set(skipped.skipped)).toEqual(new Set(['no such thing']));
    process.env.REQUIRE_DEVICES = 'elsewhere,here';
    const failed = await outcome(() => ({ skip: 'no such thing' }));
    expect(failed.skipped).toEqual([]);
    expect(failed.failed.length).toBe(skipped.skipped.length);
    expect(failed.failed[0]).toMatch(/REQUIRE_DEVICES.*no such thing/);
  });

  test('has a test of every kernel that fails when the kernel does nothing', async () => {
    for (const name of Object.keys(reference)) {
      const { failed, passed } = await outcome(() => ({ ...backend, [name]: () => undefined }), `> ${name} >`);
      expect(passed + failed.length, name).toBeGreaterThan(0);
      expect(failed.length, name).toBeGreaterThan(passed);
    }
  });

  test('sees what is written beside an array', async () => {
    const beside = (y: View, value: number) =>
      backend.fill({ ...y, dims: [...y.dims.slice(0, -1), y.dims.at(-1)! + 1] }, value);
    const { failed } = await outcome(() => ({ ...backend, fill: beside }), '> fill > f32');
    expect(failed.join()).toMatch(/was written, outside/);
  });

  test('sees what is written before an error', async () => {
    const late: Backend['softmax'] = (y, x, log) => {
      backend.fill(y, 0);
      backend.softmax(y, x, log);
    };
    const { failed } = await outcome(() => ({ ...backend, softmax: late }), '> softmax > throws');
    expect(failed.join()).toMatch(/threw, but wrote before that/);
  });
});
