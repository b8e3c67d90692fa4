/** How far two numbers may be apart: |a − b| ≤ atol + rtol · |b|. */
export interface Closeness {
  /** Default 0. */
  readonly rtol?: number;
  /** Default 0. */
  readonly atol?: number;
}

/**
 * Whether |a[i] − b[i]| ≤ atol + rtol · |b[i]| for every i; equal infinities are close, and NaN is close to NaN.
 * Arrays of different lengths are not close.
 */
export function allclose(a: ArrayLike<number>, b: ArrayLike<number>, { rtol = 0, atol = 0 }: Closeness = {}): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!close(a[i], b[i], atol + rtol * Math.abs(b[i]))) return false;
  return true;
}

/** Whether two numbers are within `bound` of each other, or are the same infinity, or both NaN. */
export function close(a: number, b: number, bound: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= (Number.isFinite(b) ? bound : -1);
}
