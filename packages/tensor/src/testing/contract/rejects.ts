import type { Backend, KernelName, View } from '../../backend.js';
import { isGerbertError } from '../../errors.js';
import type { Bench } from './bench.js';
import type { Suite } from './suite.js';

/** A call that is right, and what may be changed in it. */
export interface Call {
  /** The arguments' names and values, in the kernel's order. */
  readonly arguments: Readonly<Record<string, View | number | null>>;
  /** Dimensions that may grow alone, as 'x.0'. */
  readonly free?: readonly string[];
  /** Values that a number argument must not have. */
  readonly numbers?: Readonly<Record<string, readonly number[]>>;
  /** Values that no element of an index array may have. */
  readonly indices?: Readonly<Record<string, readonly number[]>>;
  /** Views that may be null. */
  readonly optional?: readonly string[];
  /** Changes that leave the call right, as 'b with one dimension less'. */
  readonly harmless?: readonly string[];
  /** The views may have any dtype, or any shape of one size. */
  readonly anyDType?: boolean;
  readonly anyShape?: boolean;
}

type Change = readonly [what: string, name: string, value: View | number | null];

/**
 * Registers a test that makes the call with each argument wrong in each way that it can be: another dtype, a dimension too large or too small,
 * one dimension more or less, outside its buffer, missing, a number or an index out of range. Each must throw `KERNEL_ARGUMENT`, with the
 * kernel's name in its message, and leave all memory as it was. The call itself must pass.
 */
export function rejects(suite: Suite, kernel: KernelName, make: (bench: Bench) => Call): void {
  suite.test('throws KERNEL_ARGUMENT for what it cannot take, and writes nothing', async (bench) => {
    const call = make(bench);
    const before = await bench.image();
    for (const [what, name, value] of changes(bench, call)) {
      if (call.harmless?.includes(`${name} ${what}`)) continue;
      const wrong = invoke(bench.backend, kernel, { ...call.arguments, [name]: value });
      expectRefusal(kernel, `${name} ${what}`, wrong);
      if ((await bench.image()) !== before)
        throw new Error(`${kernel} with ${name} ${what} threw, but wrote before that`);
    }
    for (const [name, values] of Object.entries(call.indices ?? {})) {
      for (const value of values) await badIndex(bench, { kernel, call, name, value });
    }
    const error = invoke(bench.backend, kernel, call.arguments);
    if (error !== undefined) throw new Error(`${kernel}: the right call threw too`, { cause: error });
  });
}

/** Expects a call to throw `KERNEL_ARGUMENT` with the kernel's name in its message. */
export function refuses(kernel: KernelName, what: string, call: () => void): void {
  expectRefusal(kernel, what, thrownBy(call));
}

function invoke(backend: Backend, kernel: KernelName, named: Call['arguments']): unknown {
  return thrownBy(() => (backend[kernel] as (...values: unknown[]) => void)(...Object.values(named)));
}

function thrownBy(call: () => void): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectRefusal(kernel: KernelName, what: string, error: unknown): void {
  if (error === undefined) throw new Error(`${kernel} took ${what}`);
  if (!isGerbertError(error) || error.code !== 'KERNEL_ARGUMENT' || !error.message.includes(kernel)) {
    throw new Error(`${kernel} with ${what} threw ${String(error)}, not KERNEL_ARGUMENT with its name`, {
      cause: error,
    });
  }
}

function changes(bench: Bench, call: Call): Change[] {
  const all: Change[] = [];
  for (const [name, value] of Object.entries(call.arguments)) {
    if (typeof value === 'number') {
      for (const wrong of call.numbers?.[name] ?? []) all.push([`= ${wrong}`, name, wrong]);
    } else if (value !== null) {
      all.push(...viewChanges(bench, call, name, value).map(([what, view]): Change => [what, name, view]));
      if (!call.optional?.includes(name)) all.push(['null', name, null]);
    }
  }
  return all;
}

function viewChanges(bench: Bench, call: Call, name: string, view: View): [string, View][] {
  const all: [string, View][] = [];
  const { dims, dtype, offset } = view;
  if (!call.anyDType) {
    const others =
      dtype === 'i32' ? (['f32', 'u8'] as const) : (['i32', bench.dtype === 'f32' ? 'f64' : 'f32', 'bf16'] as const);
    for (const other of others) all.push([`of ${other}`, { ...view, dtype: other }]);
  }
  dims.forEach((d, i) => {
    if (call.free?.includes(`${name}.${i}`)) return;
    all.push([`dimension ${i} + 1`, { ...view, dims: dims.with(i, d + 1) }]);
    if (d > 0) all.push([`dimension ${i} − 1`, { ...view, dims: dims.with(i, d - 1) }]);
  });
  if (!call.anyShape) all.push(['with one dimension more', { ...view, dims: [...dims, 1] }]);
  if (!call.anyShape && dims.length > 0) all.push(['with one dimension less', { ...view, dims: dims.slice(1) }]);
  all.push(['outside its buffer', { ...view, offset: offset + 2 ** 20 }]);
  return all;
}

async function badIndex(
  bench: Bench,
  at: { kernel: KernelName; call: Call; name: string; value: number },
): Promise<void> {
  const { kernel, call, name, value } = at;
  const right = call.arguments[name] as View;
  const wrong = await bench.read(right);
  wrong[wrong.length - 1] = value;
  const view = bench.indices(right.dims, wrong);
  const before = await bench.image();
  expectRefusal(kernel, `${name}[last] = ${value}`, invoke(bench.backend, kernel, { ...call.arguments, [name]: view }));
  if ((await bench.image()) !== before)
    throw new Error(`${kernel} with ${name}[last] = ${value} threw, but wrote before that`);
}
