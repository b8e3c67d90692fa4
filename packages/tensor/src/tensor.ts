import type { Buffer, DType, View } from './backend.js';
import type { Device } from './devices.js';
import { GerbertError } from './errors.js';
import { backward, type Node, record } from './graph.js';
import { bytesPerElement, holds, hostArray, type TypedArray } from './host.js';
import { currentScope, type Scope } from './scope.js';
import { type Shape, shapeMismatch, sizeOf } from './shape.js';
import { Storage } from './storage.js';

/**
 * A contiguous row-major array of numbers on a device, and (while gradients are recorded) the node that computed it.
 *
 * Its memory is freed at the end of the `scope` it was made in, by `dispose()`, or when nobody refers to it any more.
 */
export class Tensor implements View {
  readonly storage: Storage;
  readonly shape: Shape;
  readonly dtype: DType;
  /** First element inside the storage, in elements. */
  readonly offset: number;
  /** The sum of gradients that `backward` has brought to this leaf since `grad` was last null. Same shape and dtype. */
  grad: Tensor | null = null;
  /** What computed it; null for leaves and where gradients are off. */
  node: Node | null = null;
  #leafRequiresGrad = false;

  constructor(storage: Storage, shape: Shape, dtype: DType, offset = 0) {
    if (shape.length > 4) shapeMismatch('Tensor', 'at most four dimensions', { shape });
    this.storage = storage;
    this.shape = shape;
    this.dtype = dtype;
    this.offset = offset;
  }

  get device(): Device {
    return this.storage.device;
  }

  get dims(): Shape {
    return this.shape;
  }

  get buffer(): Buffer {
    return this.storage.buffer;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** Whether `backward` brings a gradient here: set on leaves, inherited by what is computed from them. */
  get requiresGrad(): boolean {
    return this.node !== null || this.#leafRequiresGrad;
  }

  set requiresGrad(value: boolean) {
    if (this.node) throw new GerbertError('NOT_A_LEAF', 'requiresGrad is set on leaves; this tensor was computed.');
    if (value && this.dtype !== 'f32' && this.dtype !== 'f64') {
      throw new GerbertError('DTYPE', `Only f32 and f64 tensors have gradients; this one is ${this.dtype}.`);
    }
    this.#leafRequiresGrad = value;
  }

  get disposed(): boolean {
    return this.storage.disposed;
  }

  /** The same elements in another shape, sharing memory and gradient. One dimension may be −1. Throws `SHAPE_MISMATCH`. */
  reshape(...shape: number[]): Tensor {
    const known = shape.filter((d) => d !== -1);
    const full = shape.map((d) => (d === -1 ? this.size / sizeOf(known) : d));
    if (
      known.length < shape.length - 1 ||
      sizeOf(full) !== this.size ||
      !full.every((d) => Number.isInteger(d) && d >= 0)
    ) {
      shapeMismatch('reshape', `a shape of ${this.size} elements`, { tensor: this.shape, to: shape });
    }
    const y = new Tensor(this.storage, full, this.dtype, this.offset);
    return record({
      name: 'reshape',
      inputs: [this],
      outputs: [y],
      saved: [],
      backward: (gradients, [dy]) => gradients.give(this, dy!.reshape(...this.shape)),
    });
  }

  /** Rows [begin, end) of the first dimension, sharing memory; carries no gradient. */
  rows(begin: number, end: number): Tensor {
    const [n = 0, ...rest] = this.shape;
    if (!(Number.isInteger(begin) && Number.isInteger(end) && 0 <= begin && begin <= end && end <= n)) {
      throw new GerbertError('INDEX_RANGE', `rows(${begin}, ${end}) of a tensor with ${n} rows.`);
    }
    return new Tensor(this.storage, [end - begin, ...rest], this.dtype, this.offset + begin * sizeOf(rest));
  }

  /** A tensor of the same shape, dtype and device, content undefined; owned by the innermost scope unless told otherwise. */
  emptyLike(owner: Scope | null = currentScope()): Tensor {
    return empty(this.shape, this.dtype, this.device, owner);
  }

  /** The same memory without its history. */
  detach(): Tensor {
    return new Tensor(this.storage, this.shape, this.dtype, this.offset);
  }

  /** Waits for the device and copies the elements out. bf16 and f16 come as their 16 bits; `cast` first to read numbers. */
  async read(): Promise<TypedArray> {
    const out = hostArray(this.dtype, this.size);
    await this.device.backend.read(this, out);
    return out;
  }

  /** The elements at once. Throws `DEVICE_ASYNC` where the memory is not the host's: `await read()` works everywhere. */
  readSync(): TypedArray {
    const { backend, name } = this.device;
    if (!backend.readSync) {
      throw new GerbertError('DEVICE_ASYNC', `readSync() does not exist on ${name}: use await read().`);
    }
    const out = hostArray(this.dtype, this.size);
    backend.readSync(this, out);
    return out;
  }

  /** The only element, as a number. Throws `SHAPE_MISMATCH` when there are more. */
  async item(): Promise<number> {
    if (this.size !== 1) shapeMismatch('item', 'one element', { tensor: this.shape });
    return (await this.read())[0]!;
  }

  /** Overwrites the elements with raw host elements of the same dtype and size. Throws `SHAPE_MISMATCH`, `DTYPE_MISMATCH`. */
  write(from: TypedArray): void {
    if (from.length !== this.size) {
      shapeMismatch('write', `${this.size} elements`, { tensor: this.shape, source: [from.length] });
    }
    if (!holds(from, this.dtype)) {
      const source = from[Symbol.toStringTag];
      throw new GerbertError('DTYPE_MISMATCH', `write: the tensor is ${this.dtype}, but its source is a ${source}.`);
    }
    this.device.backend.write(this, from);
    this.storage.version += 1;
  }

  /** Adds d(this)/d(leaf) · scale to `leaf.grad` for every leaf with `requiresGrad`. See `backward`. */
  backward(scale = 1): void {
    backward(this, scale);
  }

  dispose(): void {
    this.storage.release();
  }
}

// Node 20 has no Symbol.dispose; where it exists, `using` works.
if (typeof Symbol.dispose === 'symbol') {
  Object.defineProperty(Tensor.prototype, Symbol.dispose, { value: Tensor.prototype.dispose });
}

/** A tensor of undefined content, owned by the innermost scope (or, with `owner: null`, by none). */
export function empty(shape: Shape, dtype: DType, device: Device, owner: Scope | null = currentScope()): Tensor {
  return new Tensor(new Storage(device, sizeOf(shape) * bytesPerElement[dtype], owner), shape, dtype);
}
