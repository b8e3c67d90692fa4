import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { cpuBackend } from '../src/devices.js';
import { kernelContract } from '../src/testing/index.js';

const native = fileURLToPath(new URL('../../../native', import.meta.url));
const simde = `${native}/build/simde`;

interface Addon {
  readonly isas: readonly { readonly name: string; readonly supported: boolean }[];
}

/** The addon in which this machine can run an instruction set's kernels, as native/test/built.ts finds it; undefined where there is none. */
function addonOf(isa: string): string | undefined {
  const { GERBERT_ADDON, GERBERT_SIMDE } = process.env;
  const builds = [`${native}/build/Release/cpu.node`, `${simde}/Release/cpu.node`].slice(GERBERT_SIMDE ? 1 : 0);
  const require = createRequire(import.meta.url);
  return (GERBERT_ADDON ? [resolve(GERBERT_ADDON)] : builds).find(
    (path) =>
      existsSync(path) && (require(path) as Addon).isas.some(({ name, supported }) => supported && name === isa),
  );
}

/**
 * Registers the contract suite for one instruction set of the CPU: natively, or, where this processor lacks it or `GERBERT_SIMDE` is set, over SIMDe.
 * Where it can be run in neither way, the tests skip, or fail, where `REQUIRE_ISA` names it. A file of its own for each: the loader chooses once.
 */
export function isaContract(isa: string): void {
  const open = () => {
    const addon = addonOf(isa);
    if (addon === undefined) {
      const reason = `${isa} is neither in this processor nor built over SIMDe (CONTRIBUTING.md, “Every instruction set”)`;
      if (process.env.REQUIRE_ISA?.split(',').includes(isa)) throw new Error(`REQUIRE_ISA asks for it: ${reason}`);
      return { skip: reason };
    }
    Object.assign(process.env, { GERBERT_ADDON: addon, GERBERT_ISA: isa });
    const cpu = cpuBackend();
    if ('backend' in cpu) return cpu.backend;
    throw new Error(cpu.unavailable);
  };
  kernelContract({ describe, test }, { name: `cpu, ${isa}`, open, dtypes: ['f32'] });
}
