import { GerbertError } from './errors.js';

export type Shape = readonly number[];

/** The number of elements: the product of the dimensions. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const d of shape) size *= d;
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Throws `SHAPE_MISMATCH`, naming the op, what was expected of which operand, and every shape involved. */
export function shapeMismatch(op: string, expected: string, shapes: Record<string, Shape>): never {
  const given = Object.entries(shapes).map(([name, shape]) => `${name} ${formatShape(shape)}`);
  throw new GerbertError('SHAPE_MISMATCH', `${op}: ${expected}, but got ${given.join(' and ')}.`);
}
