import { Precision, type PrecisionCode, packedBytes } from '../backend.js';
import { GerbertError } from '../errors.js';
import { checkChoice, checkOptions } from '../options.js';
import { keep } from '../scope.js';
import { shapeMismatch } from '../shape.js';
import type { Storage } from '../storage.js';
import { empty, type Tensor } from '../tensor.js';

/** What a packed weight is multiplied as: see `Precision` in backend.ts. */
export type PackedPrecision = keyof typeof Precision;

const precisions = ['full', 'bf16', 'int8'] as const;

/**
 * The weight of a linear layer, laid out for products and rounded once: for weights that no longer change. It belongs to nobody: dispose() frees it.
 */
export class PackedWeight {
  /** What `Kernels.pack` has written. */
  readonly bytes: Tensor;
  readonly inputs: number;
  readonly outputs: number;
  readonly dtype: Tensor['dtype'];
  readonly precision: PackedPrecision;
  readonly #source: Storage;
  readonly #version: number;

  constructor(bytes: Tensor, weight: Tensor, made: { inputs: number; outputs: number; precision: PackedPrecision }) {
    this.bytes = bytes;
    this.dtype = weight.dtype;
    this.inputs = made.inputs;
    this.outputs = made.outputs;
    this.precision = made.precision;
    this.#source = weight.storage;
    this.#version = weight.storage.version;
  }

  get device(): Tensor['device'] {
    return this.bytes.device;
  }

  /** Throws `PACK_STALE` where the weight it was made of has been written since. */
  checkFresh(): void {
    if (this.#source.disposed || this.#source.version === this.#version) return;
    throw new GerbertError('PACK_STALE', 'The weight was written after it had been packed: pack it again.');
  }

  dispose(): void {
    this.bytes.dispose();
  }
}

/**
 * Packs the weight of `linear`, [O, I] (`in-out`: [I, O]), which stays as it is. `precision`: `full` (the default) gives `linear`'s own results to the
 * bit; `bf16` and `int8` take a half and a quarter of the memory, and less time.
 *
 * @throws `SHAPE_MISMATCH`, `OPTION_UNKNOWN`, `OPTION_RANGE`, `KERNEL_ARGUMENT` where int8 is asked for with I > 65,536
 */
export function packWeight(
  weight: Tensor,
  options: { precision?: PackedPrecision; layout?: 'out-in' | 'in-out' } = {},
): PackedWeight {
  checkOptions('packWeight', options, ['precision', 'layout']);
  const { precision = 'full', layout = 'out-in' } = options;
  checkChoice('packWeight: the precision', precision, precisions);
  checkChoice('packWeight: the layout', layout, ['out-in', 'in-out']);
  if (weight.shape.length !== 2) shapeMismatch('packWeight', 'a weight of two dimensions', { weight: weight.shape });
  const [rows, columns] = weight.shape as [number, number];
  const [outputs, inputs] = layout === 'out-in' ? [rows, columns] : [columns, rows];
  const code: PrecisionCode = Precision[precision];
  const size = packedBytes(outputs, inputs, code, weight.dtype === 'f64' ? 'f64' : 'f32');
  const bytes = keep(empty([size], 'u8', weight.device));
  weight.device.backend.pack(bytes, weight, layout === 'out-in' ? 1 : 0, code);
  return new PackedWeight(bytes, weight, { inputs, outputs, precision });
}
