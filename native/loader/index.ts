/**
 * Finds the addon of this platform and makes JavaScript functions of its kernels. Importing this never throws; where no addon can be used, the
 * answer says why.
 */
import { markAsUntransferable } from 'node:worker_threads';
import { type Addon, abiVersion } from './addon.js';
import { type KernelFunction, kernelFunction } from './call.js';
import { NativeError } from './errors.js';
import { builtHere, candidates, load, named } from './find.js';
import { checkThreads, defaultThreads } from './threads.js';
import type { WordScanner } from './words.js';

export type { KernelFunction } from './call.js';
export { NativeError } from './errors.js';
export type { WordScanner } from './words.js';

export interface CpuAddon {
  readonly available: true;
  /** The instruction set in use: `avx512bf16`, `avx512`, `avx2`, `neon` or `portable`. */
  readonly isa: string;
  /** Threads that kernels of this process may use. */
  readonly threads: number;
  /** The kernels by name, as `Kernels` of @gerbert/tensor has them. */
  readonly kernels: Record<string, KernelFunction>;
  /**
   * Tells the addon of memory. `handle` names it in views; `base` is the offset of its first byte on a 64-byte boundary, from where views count.
   * The memory is kept until `release`, and can no longer be transferred to other threads. Throws `KERNEL_ARGUMENT` where it is shared or resizable.
   */
  adopt(data: ArrayBuffer): { handle: number; base: number };
  /** Gives a handle back. Views of it are refused from now on. */
  release(handle: number): void;
  /** Sets the number of threads for the whole process. Results do not depend on it. Throws `INVALID_OPTION`. */
  setThreads(count: number): void;
  /** How often kernels have had to allocate scratch memory in this process: constant once the largest shapes have been seen. */
  scratchAllocations(): number;
  /** For tokenizers; undefined where the addon has none. */
  readonly wordScanner: WordScanner | undefined;
  readonly version: string;
  /** The file the addon was loaded from. */
  readonly path: string;
}

export interface Unavailable {
  readonly available: false;
  /** One sentence or more for a person: what was tried, and why each failed. */
  readonly reason: string;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}

/** The instruction set to use: GERBERT_ISA, or the best that this processor runs. */
function chooseIsa(addon: Addon): string {
  const supported = addon.isas.filter((isa) => isa.supported).map((isa) => isa.name);
  const asked = process.env.GERBERT_ISA;
  if (asked === undefined || asked === '') return supported[0];
  if (supported.includes(asked)) return asked;
  const known = addon.isas.some((isa) => isa.name === asked);
  throw new NativeError(
    'INVALID_OPTION',
    `GERBERT_ISA is "${asked}", which ${known ? 'this processor does not run' : 'is not known'}; it may be ${supported.join(', ')}`,
  );
}

function adopt(addon: Addon, data: ArrayBuffer): { handle: number; base: number } {
  if ((data as { resizable?: boolean }).resizable) {
    throw new NativeError('KERNEL_ARGUMENT', 'adopt: a resizable ArrayBuffer cannot be memory of kernels');
  }
  const base = new Float64Array(1);
  const handle = addon.adopt(data, base);
  // A transfer would take the bytes away under the addon.
  markAsUntransferable(data);
  return { handle, base: base[0] };
}

function open(addon: Addon, path: string): CpuAddon {
  if (addon.abi !== abiVersion) {
    throw new NativeError(
      'NATIVE_VERSION',
      `it speaks version ${addon.abi} of the interface, this package ${abiVersion}`,
    );
  }
  const isa = chooseIsa(addon);
  addon.start(isa, defaultThreads());
  markAsUntransferable(addon.block.buffer);
  const kernels: Record<string, KernelFunction> = {};
  addon.kernels.forEach(({ name }, index) => {
    kernels[name] = kernelFunction(addon, index);
  });
  return {
    available: true,
    isa,
    get threads() {
      return addon.threads();
    },
    kernels,
    adopt: (data) => adopt(addon, data),
    release: (handle) => addon.release(handle),
    setThreads: (count) => addon.setThreads(checkThreads('the number of threads', count)),
    scratchAllocations: () => addon.scratchAllocations(),
    wordScanner: addon.scanWords && { scanWords: addon.scanWords },
    version: addon.version,
    path,
  };
}

function find(): CpuAddon | Unavailable {
  const failures: string[] = [];
  const chosen = named();
  for (const candidate of chosen ? [chosen] : candidates('cpu.node')) {
    try {
      const { exports, path } = load(candidate);
      return open(exports as Addon, path);
    } catch (error) {
      failures.push(`${candidate.what}: ${message(error)}`);
      // A wrong setting is wrong for every addon: the other candidates would only hide it.
      if (error instanceof NativeError && error.code === 'INVALID_OPTION') break;
    }
  }
  return { available: false, reason: `No native addon could be used. ${failures.join('; ')}.` };
}

let cpu: CpuAddon | Unavailable | undefined;

/** The CPU addon, or why there is none. Found once per thread: the environment variables are read at the first call. */
export function loadCpu(): CpuAddon | Unavailable {
  cpu ??= find();
  return cpu;
}

/** What `useWordScanner` of @gerbert/tokenizer takes; undefined where there is no addon. */
export function wordScanner(): WordScanner | undefined {
  const found = loadCpu();
  return found.available ? found.wordScanner : undefined;
}

/** The CUDA addon, or rather why there is none: none is published yet, and this version could not use one. */
export function loadCuda(): Unavailable {
  const built = builtHere('cuda.node');
  const reason =
    built === undefined
      ? 'cuda.node is not built here, and no package that carries it has been published'
      : `${built} was found, but this version of the loader has no kernels to take from it`;
  return { available: false, reason: `No CUDA addon could be used: ${reason}.` };
}
