import type { Buffer, DType, View } from './backend.js';

/**
 * Memory of the backends that compute on the host. It is a JavaScript ArrayBuffer for the addon too (which is told of it once, when it is
 * allocated): so the reference kernels run on the same memory as the native ones, V8 knows the bytes, and no runtime has to
 * accept foreign memory.
 */
export interface HostBuffer extends Buffer {
  readonly data: ArrayBuffer;
  /** First byte used: the first of `data` that lies on a 64-byte boundary. */
  readonly base: number;
  /** The addon's number for this memory; −1 where no addon knows it. */
  readonly handle: number;
}

export const bytesPerElement: Record<DType, number> = { f64: 8, f32: 4, bf16: 2, f16: 2, i32: 4, u8: 1, bool: 1 };

export type TypedArray = Float64Array | Float32Array | Uint16Array | Int32Array | Uint8Array;

const constructors = {
  f64: Float64Array,
  f32: Float32Array,
  bf16: Uint16Array,
  f16: Uint16Array,
  i32: Int32Array,
  u8: Uint8Array,
  bool: Uint8Array,
} as const;

/** The typed array that holds a dtype's raw elements: bf16 and f16 as their 16 bits. */
export type TypedArrayOf<D extends DType> = InstanceType<(typeof constructors)[D]>;

/** A new host array of `size` zeros for raw elements of `dtype`. */
export function hostArray<D extends DType>(dtype: D, size: number): TypedArrayOf<D> {
  return new constructors[dtype](size) as TypedArrayOf<D>;
}

/** Whether the array holds raw elements of `dtype`. */
export function holds(array: TypedArray, dtype: DType): boolean {
  return array[Symbol.toStringTag] === constructors[dtype].name;
}

/** The elements of a view on host memory, without copying. */
export function elements<D extends DType>(view: View & { readonly dtype: D }): TypedArrayOf<D> {
  const { data, base } = view.buffer as HostBuffer;
  const size = view.dims.reduce((product, d) => product * d, 1);
  const at = base + view.offset * bytesPerElement[view.dtype];
  return new constructors[view.dtype](data, at, size) as TypedArrayOf<D>;
}
