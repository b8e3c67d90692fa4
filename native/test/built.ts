import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import type { Addon } from '../loader/addon.js';

const native = fileURLToPath(new URL('..', import.meta.url));

/** The addon that `build:addon` leaves, or the one of another build; the tests of the addon itself need it. */
export const addonPath = resolve(process.env.GERBERT_ADDON || `${native}build/Release/cpu.node`);

/** The folder of `build:simde`: every instruction set's kernels in portable C. */
export const simdePath = `${native}build/simde`;

/** The instruction sets that there are kernels for. */
export const isas = ['avx512bf16', 'avx512', 'avx2', 'neon', 'portable'];

/** Skips the test, saying why, where the addon has not been built. */
export function needAddon(context: TestContext): void {
  if (!existsSync(addonPath)) context.skip('cpu.node is not built (pnpm --filter @gerbert/native build:addon)');
}

export function loadAddon(path = addonPath): Addon {
  return createRequire(import.meta.url)(path) as Addon;
}

/**
 * The addon in which this machine can run the kernels of an instruction set: the one for its processor, or, where that has not the instructions or
 * `GERBERT_SIMDE` is set, the one over SIMDe. Undefined where there is neither.
 */
export function addonOf(isa: string): string | undefined {
  const simde = `${simdePath}/Release/cpu.node`;
  const builds = process.env.GERBERT_ADDON ? [addonPath] : process.env.GERBERT_SIMDE ? [simde] : [addonPath, simde];
  return builds.find(
    (path) => existsSync(path) && loadAddon(path).isas.some(({ name, supported }) => supported && name === isa),
  );
}

/** `addonOf`; skips the test where there is none, or fails it, where `REQUIRE_ISA` names the instruction set or its build has failed. */
export function needIsa(isa: string, context: TestContext): string {
  const addon = addonOf(isa);
  if (addon !== undefined) return addon;
  if (existsSync(`${simdePath}/CMakeCache.txt`) && !existsSync(`${simdePath}/Release/cpu.node`)) {
    throw new Error('the kernels do not build over SIMDe: see .cache/setup/simde.log, or run build:simde');
  }
  const reason = `${isa} is neither in this processor nor built over SIMDe (CONTRIBUTING.md, “Every instruction set”)`;
  if (process.env.REQUIRE_ISA?.split(',').includes(isa)) throw new Error(`REQUIRE_ISA asks for it: ${reason}`);
  // Machines without SIMDe and without these instructions cannot run the kernels at all; REQUIRE_ISA says where that must not be.
  return context.skip(reason);
}

/** Runs a script of test/processes on an addon and returns what it printed, as JSON. A crash or an exit code other than 0 throws. */
export function runProcess(script: string, args: string[] = [], addon = addonPath): unknown {
  const path = fileURLToPath(new URL(`processes/${script}`, import.meta.url));
  const printed = execFileSync(process.execPath, [path, addon, ...args], { encoding: 'utf8', stdio: 'pipe' });
  return JSON.parse(printed);
}
