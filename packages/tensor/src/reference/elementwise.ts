import { type ActivationCode, Binary, type BinaryCode, type View } from '../backend.js';
import { activationOf } from './activations.js';
import { Arguments, floats, sizeOf } from './arguments.js';

/** See `Kernels.binary`. */
export function binary(y: View, a: View, b: View, operator: BinaryCode): void {
  const check = new Arguments('binary', { floats: { y, a, b } });
  check.sameShape('a', 'y');
  const size = sizeOf(a.dims);
  const period = sizeOf(b.dims);
  const skip = a.dims.length - b.dims.length;
  if (period !== 1 && (skip < 0 || b.dims.some((d, i) => d !== a.dims[skip + i]))) {
    check.fail('b must have the shape of a, or its trailing dimensions, or one element');
  }
  const to = floats(y);
  const left = floats(a);
  const right = floats(b);
  switch (operator) {
    case Binary.add:
      for (let start = 0; start < size; start += period) {
        for (let j = 0; j < period; j++) to[start + j] = left[start + j] + right[j];
      }
      break;
    case Binary.subtract:
      for (let start = 0; start < size; start += period) {
        for (let j = 0; j < period; j++) to[start + j] = left[start + j] - right[j];
      }
      break;
    case Binary.multiply:
      for (let start = 0; start < size; start += period) {
        for (let j = 0; j < period; j++) to[start + j] = left[start + j] * right[j];
      }
      break;
    case Binary.divide:
      for (let start = 0; start < size; start += period) {
        for (let j = 0; j < period; j++) to[start + j] = left[start + j] / right[j];
      }
      break;
    default:
      check.fail(`operator = ${operator} must be one of Binary`);
  }
}

/** See `Kernels.affine`. */
export function affine(y: View, x: View, scale: number, shift: number): void {
  const check = new Arguments('affine', { floats: { y, x } });
  check.sameSize('y', 'x');
  const to = floats(y);
  const from = floats(x);
  for (let i = 0; i < from.length; i++) to[i] = scale * from[i] + shift;
}

/** See `Kernels.activation`. */
export function activation(y: View, x: View, kind: ActivationCode): void {
  const check = new Arguments('activation', { floats: { y, x } });
  check.sameSize('y', 'x');
  const f = activationOf(kind)?.value ?? check.fail(`kind = ${kind} must be one of Activation`);
  const to = floats(y);
  const from = floats(x);
  for (let i = 0; i < from.length; i++) to[i] = f(from[i]);
}

/** See `Kernels.activationBackward`. */
export function activationBackward(dx: View, dy: View, x: View, kind: ActivationCode): void {
  const check = new Arguments('activationBackward', { floats: { dx, dy, x } });
  check.sameSize('dx', 'x');
  check.sameSize('dy', 'x');
  const slope = activationOf(kind)?.derivative ?? check.fail(`kind = ${kind} must be one of Activation`);
  const to = floats(dx);
  const upstream = floats(dy);
  const from = floats(x);
  for (let i = 0; i < from.length; i++) to[i] = upstream[i] * slope(from[i]);
}
