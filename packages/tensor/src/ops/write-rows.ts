import { GerbertError } from '../errors.js';
import { isRecording } from '../graph.js';
import { checkOptions } from '../options.js';
import { shapeMismatch } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { expectAlike, expectIndices, lastOf } from './operands.js';

/**
 * Overwrites rows in place, as a key/value cache does: to[index[n], at + j] = from[n, fromAt + j] for j < width. `index` has no repeats.
 * to [V, Ct], from [N, Cf], index [N] i32. Has no gradient: throws `NO_GRADIENT` if one would be lost.
 */
export function writeRows(
  to: Tensor,
  from: Tensor,
  index: Tensor,
  options: { at?: number; fromAt?: number; width?: number } = {},
): void {
  checkOptions('writeRows', options, ['at', 'fromAt', 'width']);
  const { at = 0, fromAt = 0, width = lastOf(from.shape) } = options;
  expectAlike('writeRows', to, from);
  expectIndices('writeRows', index, to);
  if (to.shape.length !== 2 || from.shape.length !== 2 || index.size !== from.shape[0]) {
    const shapes = { to: to.shape, from: from.shape, index: index.shape };
    shapeMismatch('writeRows', 'to [V, C], from [N, C] and index [N]', shapes);
  }
  if (isRecording() && (from.requiresGrad || to.requiresGrad)) {
    throw new GerbertError(
      'NO_GRADIENT',
      'writeRows() has no gradient: call it inside noGrad(), or detach() its source.',
    );
  }
  to.device.backend.writeRows(to, from, index, at, fromAt, width);
  to.storage.version += 1;
}
