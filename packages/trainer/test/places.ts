import { type DType, devices } from '@gerbert/tensor';
import type { TestContext } from 'vitest';

/** Each device with each dtype it computes gradients in. */
export const places = devices().flatMap(({ name, available, reason }) => {
  const dtypes: DType[] = name === 'js' ? ['f64', 'f32'] : ['f32'];
  return dtypes.map((dtype) => ({ device: name, dtype, reason: available ? undefined : (reason ?? 'unavailable') }));
});

export type Place = (typeof places)[number];

/** Skips a test on a device this machine lacks. */
export function need({ reason }: Place, context: TestContext): void {
  if (reason !== undefined) context.skip(reason);
}

/** What tensors and modules take to be there. */
export function placement({ device, dtype }: Place) {
  return { device, dtype };
}
