import type { View } from '../backend.js';
import { GerbertError } from '../errors.js';
import { bytesPerElement, elements } from '../host.js';

/** Elements of an F view: kernels compute in f64 (JavaScript's numbers) and round once, on storing. */
export type Floats = Float32Array | Float64Array;

type Views = Readonly<Record<string, View | null>>;

interface Given {
  readonly floats?: Views;
  readonly integers?: Views;
  readonly any?: Views;
  readonly optional?: readonly string[];
}

/** The views of one call by the names of `backend.ts`, for checks whose messages show what was passed. */
export class Arguments {
  readonly #kernel: string;
  readonly #views: Views;

  /**
   * Checks that `floats` are all f32 or all f64, that `integers` are i32, that every view lies within its buffer, and that none is null but the
   * `optional` ones.
   */
  constructor(kernel: string, { floats = {}, integers = {}, any = {}, optional = [] }: Given) {
    this.#kernel = kernel;
    this.#views = { ...floats, ...integers, ...any };
    for (const [name, view] of Object.entries(this.#views)) {
      if (view !== null) this.#place(name, view);
      else if (!optional.includes(name)) this.fail(`${name} is required`);
    }
    let first: View | null = null;
    for (const [name, view] of Object.entries(floats)) {
      if (view === null) continue;
      first ??= view;
      if (view.dtype !== 'f32' && view.dtype !== 'f64') this.fail(`${name} must be f32 or f64`);
      if (view.dtype !== first.dtype) this.fail(`all but indices must have one dtype, ${name} differs`);
    }
    for (const [name, view] of Object.entries(integers)) {
      if (view !== null && view.dtype !== 'i32') this.fail(`${name} must be i32`);
    }
  }

  #place(name: string, { buffer, offset, dims, dtype }: View): void {
    const whole = Number.isSafeInteger(offset) && offset >= 0 && dims.every((d) => Number.isSafeInteger(d) && d >= 0);
    if (!whole || dims.length > 4)
      this.fail(`${name} must have at most four dimensions and an offset, all whole and ≥ 0`);
    if ((offset + sizeOf(dims)) * bytesPerElement[dtype] > buffer.bytes) {
      this.fail(`${name} must lie within its buffer of ${buffer.bytes} bytes, but begins at element ${offset}`);
    }
  }

  /** Throws `KERNEL_ARGUMENT` with what was expected and everything that was passed. */
  fail(expected: string): never {
    const got = Object.entries(this.#views).map(([name, view]) => `${name} ${view === null ? 'null' : describe(view)}`);
    throw new GerbertError('KERNEL_ARGUMENT', `${this.#kernel}: ${expected}; got ${got.join(', ')}`);
  }

  #view(name: string): View {
    return this.#views[name] ?? this.fail(`${name} is required`);
  }

  rank(name: string, rank: number): readonly number[] {
    const { dims } = this.#view(name);
    if (dims.length !== rank) this.fail(`${name} must have ${rank} dimension${rank === 1 ? '' : 's'}`);
    return dims;
  }

  /** Checks a view's shape; a null view passes. */
  shape(name: string, ...expected: readonly number[]): void {
    const view = this.#views[name];
    if (view !== null && !sameDims(view.dims, expected)) this.fail(`${name} must be [${expected.join(', ')}]`);
  }

  sameShape(name: string, as: string): void {
    if (!sameDims(this.#view(name).dims, this.#view(as).dims)) this.fail(`${name} must have the shape of ${as}`);
  }

  sameSize(name: string, as: string): void {
    if (sizeOf(this.#view(name).dims) !== sizeOf(this.#view(as).dims)) this.fail(`${name} must have the size of ${as}`);
  }

  /** Checks index[n] in [0, limit). */
  indices(name: string, index: Int32Array, limit: number): void {
    for (let n = 0; n < index.length; n++) {
      const value = index[n];
      if (value < 0 || value >= limit) this.fail(`${name}[${n}] = ${value} must be in [0, ${limit})`);
    }
  }

  /** Checks a number argument that must be whole and in [low, high). */
  whole(name: string, value: number, low: number, high: number): void {
    if (!Number.isInteger(value) || value < low || value >= high) {
      this.fail(`${name} = ${value} must be a whole number in [${low}, ${high})`);
    }
  }

  flag(name: string, value: number): void {
    if (value !== 0 && value !== 1) this.fail(`${name} = ${value} must be 0 or 1`);
  }
}

export function sizeOf(dims: readonly number[]): number {
  let size = 1;
  for (const d of dims) size *= d;
  return size;
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function describe(view: View): string {
  return `${view.dtype} [${view.dims.join(', ')}]`;
}

/** The elements of a checked F view. */
export function floats(view: View): Floats {
  return elements(view as View & { dtype: 'f32' | 'f64' });
}

/** The elements of a checked i32 view. */
export function ints(view: View): Int32Array {
  return elements(view as View & { dtype: 'i32' });
}
