import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import type { Addon } from '../loader/addon.js';

/** The addon that `build:addon` leaves; the tests of the addon itself need it. */
export const addonPath = fileURLToPath(new URL('../build/Release/cpu.node', import.meta.url));

/** Skips the test, saying why, where the addon has not been built. */
export function needAddon(context: TestContext): void {
  if (!existsSync(addonPath)) context.skip('cpu.node is not built (pnpm --filter @gerbert/native build:addon)');
}

export function loadAddon(): Addon {
  return createRequire(import.meta.url)(addonPath) as Addon;
}

/** Runs a script of test/processes on the built addon and returns what it printed, as JSON. A crash or an exit code other than 0 throws. */
export function runProcess(script: string, args: string[] = []): unknown {
  const path = fileURLToPath(new URL(`processes/${script}`, import.meta.url));
  const printed = execFileSync(process.execPath, [path, addonPath, ...args], { encoding: 'utf8', stdio: 'pipe' });
  return JSON.parse(printed);
}
