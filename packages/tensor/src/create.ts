import type { DType } from './backend.js';
import { type Device, device } from './devices.js';
import { GerbertError } from './errors.js';
import { bytesPerElement, holds, hostArray, type TypedArray } from './host.js';
import { checkChoice, checkOptions } from './options.js';
import { RandomStream } from './philox.js';
import { type Shape, shapeMismatch, sizeOf } from './shape.js';
import { empty, type Tensor } from './tensor.js';

export interface Placement {
  /** Default f32. */
  dtype?: DType;
  /** Default: see `device()`. */
  device?: Device | string;
}

const dtypes = Object.keys(bytesPerElement);

type Nested = number | readonly Nested[] | TypedArray;

/**
 * A tensor of the given numbers: nested arrays, or a flat (typed) array with a `shape`.
 *
 * @example tensor([[1, 2], [3, 4]])
 * @throws `SHAPE_MISMATCH` where the nesting is ragged or the shape holds another number of elements.
 */
export function tensor(values: Nested, options: Placement & { shape?: Shape } = {}): Tensor {
  const { shape: wanted, ...placement } = options;
  const flat: number[] | TypedArray = ArrayBuffer.isView(values) ? values : [];
  const found = ArrayBuffer.isView(values) ? [values.length] : flatten(values, flat as number[]);
  const shape = wanted ?? found;
  if (sizeOf(shape) !== flat.length) shapeMismatch('tensor', `${flat.length} values`, { shape });
  const t = emptyAt('tensor', shape, placement);
  const raw = t.dtype !== 'bf16' && t.dtype !== 'f16' && t.dtype !== 'bool';
  if (raw && ArrayBuffer.isView(flat) && holds(flat, t.dtype)) {
    t.write(flat);
  } else if (t.dtype === 'bf16' || t.dtype === 'f16') {
    const wide = empty(shape, 'f32', t.device);
    wide.write(Float32Array.from(flat));
    t.device.backend.cast(t, wide);
    wide.dispose();
  } else {
    const host = hostArray(t.dtype, flat.length);
    for (let i = 0; i < flat.length; i++) host[i] = t.dtype === 'bool' ? Number(flat[i] !== 0) : flat[i]!;
    t.write(host);
  }
  return t;
}

export function zeros(shape: Shape, options: Placement = {}): Tensor {
  return full(shape, 0, options);
}

export function ones(shape: Shape, options: Placement = {}): Tensor {
  return full(shape, 1, options);
}

export function full(shape: Shape, value: number, options: Placement = {}): Tensor {
  const t = emptyAt('full', shape, options);
  t.device.backend.fill(t, value);
  return t;
}

/** Normally distributed numbers, the same for a seed on every device. Default: mean 0, standard deviation 1. */
export function randn(shape: Shape, options: Placement & { seed?: number; mean?: number; std?: number } = {}): Tensor {
  const { seed = 0, mean = 0, std = 1, ...placement } = options;
  const stream = new RandomStream(seed);
  const values = Float64Array.from({ length: sizeOf(shape) }, () => mean + std * stream.normal());
  return tensor(values, { ...placement, shape });
}

function emptyAt(op: string, shape: Shape, placement: Placement): Tensor {
  checkOptions(op, placement, ['dtype', 'device']);
  const { dtype = 'f32', device: at } = placement;
  checkChoice(`${op}: the dtype`, dtype, dtypes);
  if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
    shapeMismatch(op, 'dimensions that are whole numbers, at least 0', { shape });
  }
  return empty(shape, dtype, typeof at === 'object' ? at : device(at));
}

function flatten(values: Nested, into: number[]): number[] {
  if (typeof values === 'number') {
    into.push(values);
    return [];
  }
  if (ArrayBuffer.isView(values)) {
    for (const value of values) into.push(value);
    return [values.length];
  }
  if (!Array.isArray(values)) throw new GerbertError('TYPE', `tensor() takes numbers or arrays, not ${typeof values}.`);
  const shapes = values.map((each) => flatten(each, into));
  const [first = []] = shapes;
  for (const shape of shapes) {
    if (shape.join() !== first.join()) shapeMismatch('tensor', 'arrays of one length', { first, other: shape });
  }
  return [values.length, ...first];
}
