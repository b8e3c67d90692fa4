import type { WordScanner } from './words.js';

/** What cpu.node exports (native/src/binding.cc). */
export interface Addon {
  /** Must equal `abiVersion`. */
  readonly abi: number;
  readonly version: string;
  /** The argument block: the kernel's number, then its arguments. */
  readonly block: Float64Array;
  /** The kernels by number. In a signature `v` is a view, `v?` a view or null, `n` a number. */
  readonly kernels: readonly { readonly name: string; readonly signature: string }[];
  /** The instruction sets of the build, best first. */
  readonly isas: readonly { readonly name: string; readonly supported: boolean }[];
  /** Chooses the instruction set, and the number of threads where this process has not set it yet. */
  start(isa: string, threads: number): void;
  /** Runs the kernel that the block describes. */
  call(): void;
  /** Tells the addon of memory; `base[0]` becomes the offset of its first aligned byte. Returns the memory's number. */
  adopt(data: ArrayBuffer, base: Float64Array): number;
  release(handle: number): void;
  setThreads(count: number): void;
  threads(): number;
  /**
   * Divides text into words and looks these up (native/src/words.h). Not there where the addon was built before there was
   * any, or for a big-endian processor.
   */
  readonly scanWords?: WordScanner['scanWords'];
  /** How often this process has allocated scratch memory for kernels. */
  scratchAllocations(): number;
}

/** The agreement between loader and addon; changed together with the constant in binding.cc. */
export const abiVersion = 1;
