import type { Addon } from './addon.js';
import { NativeError } from './errors.js';

/** A kernel's arguments are views, null where a view may be absent, and numbers. */
export type KernelFunction = (...args: unknown[]) => void;

/** What the addon needs of a view (`View` and `HostBuffer` of @gerbert/tensor). */
interface EncodedView {
  readonly buffer: { readonly handle: number };
  readonly offset: number;
  readonly dtype: string;
  readonly dims: readonly number[];
}

const viewNumbers = 8;
const mostDims = 4;
const absent = -1;
/** A handle that no memory has, for buffers the addon was never told of: so that they are not taken for absent ones. */
const unknown = -2;

/** In the order of `DType` in kernels.h; anything else is refused by the addon as unknown. */
const dtypeCodes = new Map(['f64', 'f32', 'bf16', 'f16', 'i32', 'u8', 'bool'].map((dtype, code) => [dtype, code]));

function dtypeCode(dtype: string): number {
  return dtype === 'f32' ? 1 : (dtypeCodes.get(dtype) ?? -1);
}

function refuse(kernel: string, position: number, text: string): never {
  throw new NativeError('KERNEL_ARGUMENT', `${kernel}: argument ${position + 1} ${text}`);
}

function encodeView(block: Float64Array, at: number, view: EncodedView): void {
  const { dims } = view;
  const { handle } = view.buffer;
  block[at] = handle >= 0 ? handle : unknown;
  block[at + 1] = view.offset;
  block[at + 2] = dtypeCode(view.dtype);
  block[at + 3] = dims.length;
  for (let i = 0; i < dims.length && i < mostDims; i++) block[at + 4 + i] = dims[i];
}

/** 'vv?n' → one of 'view', 'optional', 'number' for each argument. */
function argumentKinds(signature: string): ('view' | 'optional' | 'number')[] {
  return (signature.match(/v\??|n/g) ?? []).map((letter) =>
    letter === 'n' ? 'number' : letter === 'v' ? 'view' : 'optional',
  );
}

/** A function that writes its arguments into the block and calls the kernel. */
export function kernelFunction(addon: Addon, index: number): KernelFunction {
  const { name, signature } = addon.kernels[index];
  const { block } = addon;
  const kinds = argumentKinds(signature);
  const count = kinds.length;
  return (...args) => {
    if (args.length !== count) {
      throw new NativeError('KERNEL_ARGUMENT', `${name}: ${args.length} arguments given, but it takes ${count}`);
    }
    let at = 1;
    for (let i = 0; i < count; i++) {
      const argument = args[i];
      if (kinds[i] === 'number') {
        if (typeof argument !== 'number') refuse(name, i, `is ${String(argument)}, not a number`);
        block[at++] = argument;
        continue;
      }
      if (argument === null) {
        block[at] = absent;
      } else if (typeof argument === 'object' && 'buffer' in argument) {
        encodeView(block, at, argument as EncodedView);
      } else {
        refuse(name, i, `is ${String(argument)}, not a view`);
      }
      at += viewNumbers;
    }
    block[0] = index;
    addon.call();
  };
}
