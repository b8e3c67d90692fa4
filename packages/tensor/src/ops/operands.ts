import type { View } from '../backend.js';
import { GerbertError } from '../errors.js';
import { type Shape, sizeOf } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Throws `DEVICE_MISMATCH` or `DTYPE_MISMATCH` unless all operands live on one device and have one dtype. */
export function expectAlike(op: string, first: Tensor, ...others: (Tensor | null | undefined)[]): void {
  for (const other of others) {
    if (other == null) continue;
    if (other.device !== first.device) {
      const devices = `${first.device.name} and ${other.device.name}`;
      throw new GerbertError('DEVICE_MISMATCH', `${op}: its tensors are on ${devices}; put them on one.`);
    }
    if (other.dtype !== first.dtype) {
      throw new GerbertError(
        'DTYPE_MISMATCH',
        `${op}: its tensors are ${first.dtype} and ${other.dtype}; cast() one of them.`,
      );
    }
  }
}

/** Throws `DTYPE_MISMATCH` or `DEVICE_MISMATCH` unless `index` holds i32, as indices do, where `like` is. */
export function expectIndices(op: string, index: Tensor, like: Tensor): void {
  if (index.dtype !== 'i32') {
    throw new GerbertError('DTYPE_MISMATCH', `${op}: indices are i32, but got ${index.dtype}.`);
  }
  if (index.device !== like.device) {
    const devices = `${like.device.name}, its indices on ${index.device.name}`;
    throw new GerbertError('DEVICE_MISMATCH', `${op}: its tensors are on ${devices}; put them on one.`);
  }
}

/** A tensor seen in other dimensions by a kernel. */
export function seenAs(tensor: Tensor, dims: Shape): View {
  return { buffer: tensor.buffer, offset: tensor.offset, dtype: tensor.dtype, dims };
}

/** A tensor seen as a matrix: all dimensions but the last are rows. */
export function asRows(tensor: Tensor): View {
  return seenAs(tensor, [sizeOf(tensor.shape.slice(0, -1)), lastOf(tensor.shape)]);
}

export function lastOf(shape: Shape): number {
  return shape.at(-1) ?? 1;
}
