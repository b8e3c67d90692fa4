import type { Backend, DType, View } from '../../backend.js';
import { bytesPerElement, hostArray, type TypedArray } from '../../host.js';
import { RandomStream } from '../../philox.js';
import { close } from '../allclose.js';
import { type FloatType, smallest, unit } from './precision.js';

/** The byte around every array, to see whether a kernel wrote beside its view. */
const guard = 0xa5;
/** Where arrays begin in their buffers, in turn: kernels may not count on any alignment but the element's. */
const offsets = [0, 5, 16];
/** Elements of room behind every array, so that shapes a bit too large still lie inside their buffer. */
const room = 64;

type Dims = readonly number[];

/** One test's backend, its arrays and its random numbers. */
export class Bench {
  readonly backend: Backend;
  readonly dtype: FloatType;
  readonly random = new RandomStream(20170612);
  readonly #placed: { readonly view: View; readonly bytes: number }[] = [];

  constructor(backend: Backend, dtype: FloatType) {
    this.backend = backend;
    this.dtype = dtype;
  }

  /** Unit roundoff of the dtype under test. */
  get u(): number {
    return unit[this.dtype];
  }

  /** Standard normal numbers, rounded to the dtype under test. */
  normal(size: number, std = 1): Float64Array {
    return this.rounded(Float64Array.from({ length: size }, () => std * this.random.normal()));
  }

  /** Numbers as the dtype under test stores them. */
  rounded(values: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.dtype === 'f32' ? Float32Array.from(values) : values);
  }

  /** New memory that holds `values`, in the dtype under test unless another is named. */
  array(dims: Dims, values: ArrayLike<number>, dtype: DType = this.dtype): View {
    const raw = hostArray(dtype, values.length);
    raw.set(values as ArrayLike<number>);
    return this.raw(dims, raw, dtype);
  }

  /** New memory that holds raw elements. */
  raw(dims: Dims, raw: TypedArray, dtype: DType): View {
    const size = dims.reduce((product, d) => product * d, 1);
    if (raw.length !== size) throw new Error(`the suite made ${raw.length} values for [${dims.join(', ')}]`);
    const offset = offsets[this.#placed.length % offsets.length];
    const bytes = (offset + size + room) * 8;
    const buffer = this.backend.allocate(bytes);
    const view: View = { buffer, offset, dtype, dims };
    this.#placed.push({ view, bytes });
    const image = new Uint8Array(bytes).fill(guard);
    image.set(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength), offset * bytesPerElement[dtype]);
    this.backend.write({ buffer, offset: 0, dtype: 'u8', dims: [bytes] }, image);
    return view;
  }

  normals(dims: Dims, std = 1): View & { readonly values: Float64Array } {
    const values = this.normal(
      dims.reduce((product, d) => product * d, 1),
      std,
    );
    return { ...this.array(dims, values), values };
  }

  indices(dims: Dims, values: ArrayLike<number>): View {
    return this.array(dims, values, 'i32');
  }

  /** An output, full of NaN: whatever a kernel does not write is seen. */
  blank(...dims: number[]): View {
    return this.array(dims, new Float64Array(dims.reduce((product, d) => product * d, 1)).fill(Number.NaN));
  }

  async read(view: View): Promise<Float64Array> {
    const host = hostArray(
      view.dtype,
      view.dims.reduce((product, d) => product * d, 1),
    );
    await this.backend.read(view, host);
    return Float64Array.from(host);
  }

  /** The bytes of a view, as text to compare. */
  async bits(view: View): Promise<string> {
    const host = hostArray(
      view.dtype,
      view.dims.reduce((product, d) => product * d, 1),
    );
    await this.backend.read(view, host);
    return Buffer.from(host.buffer).toString('hex');
  }

  /**
   * Compares a view with what was expected: |got − expected| ≤ bound + u·|expected| + the smallest normal number. The last two terms are the
   * result's own rounding, and underflow. Without a bound the values must be the same.
   */
  async expect(
    what: string,
    view: View,
    expected: ArrayLike<number>,
    bound?: ArrayLike<number> | number,
  ): Promise<void> {
    const got = await this.read(view);
    if (got.length !== expected.length) throw new Error(`the suite expected ${expected.length} values of ${what}`);
    for (let i = 0; i < got.length; i++) {
      let allowed = 0;
      if (bound !== undefined) {
        allowed = typeof bound === 'number' ? bound : bound[i];
        if (Number.isFinite(expected[i]) && !(allowed >= 0))
          throw new Error(`the suite's bound of ${what}[${i}] is ${allowed}`);
        allowed += this.u * Math.abs(expected[i]) + smallest[this.dtype];
      }
      if (!close(got[i], expected[i], allowed)) {
        const off = Math.abs(got[i] - expected[i]);
        throw new Error(
          `${what}[${i}] of [${view.dims.join(', ')}] is ${got[i]}, expected ${expected[i]} ± ${allowed}: off by ${off}`,
        );
      }
    }
  }

  async expectSameBits(what: string, a: View, b: View): Promise<void> {
    if ((await this.bits(a)) === (await this.bits(b))) return;
    const [left, right] = [await this.read(a), await this.read(b)];
    const at = left.findIndex((value, i) => !Object.is(value, right[i]));
    throw new Error(`${what}: bits differ, first at ${at}: ${left[at]} and ${right[at]}`);
  }

  /** Everything in memory, guards too, to tell whether a call wrote anything. */
  async image(): Promise<string> {
    const all: string[] = [];
    for (const { view, bytes } of this.#placed) all.push(await this.bits(whole(view, bytes)));
    return all.join(' ');
  }

  /** Checks that nothing was written beside any array, and frees them all. */
  async finish(): Promise<void> {
    for (const { view, bytes } of this.#placed) {
      const image = await this.read(whole(view, bytes));
      const width = bytesPerElement[view.dtype];
      const begin = view.offset * width;
      const end = begin + view.dims.reduce((product, d) => product * d, width);
      const at = image.findIndex((byte, i) => byte !== guard && (i < begin || i >= end));
      if (at >= 0)
        throw new Error(`byte ${at} was written, outside the ${view.dtype} array in bytes ${begin} … ${end}`);
    }
    for (const { view } of this.#placed) this.backend.free(view.buffer);
    this.#placed.length = 0;
  }
}

function whole({ buffer }: View, bytes: number): View {
  return { buffer, offset: 0, dtype: 'u8', dims: [bytes] };
}
