// Puts the addon that was built on this machine into its platform package, stripped, after checking that it will load
// on machines other than this one: what it links against, and the oldest glibc that has what it calls.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreignLibraries, newerSymbols, requiredGlibc } from './packages/elf.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`;
const built = path.join(root, 'native/build/Release/cpu.node');
const packaged = path.join(root, 'native/npm', platform, 'cpu.node');

/**
 * The oldest glibc that the addon must load with: that of Ubuntu 22.04. The static unwinder of GCC 12 and later calls
 * `_dl_find_object`, which came with it; an older compiler would reach further back.
 */
const OLDEST_GLIBC = '2.35';
/** What every system with that glibc has; libstdc++ and libgcc are not among them, and are linked statically. */
const EXPECTED = /^(libc|libm|libdl|libpthread|librt|ld-linux.*)\.so/;

function fail(message) {
  // A package without its addon counts as incomplete, and is not published.
  rmSync(packaged, { force: true });
  console.error(`pack-native: ${message}`);
  process.exit(1);
}

const run = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

if (!existsSync(path.dirname(packaged))) fail(`there is no package for ${platform} in native/npm`);
if (!existsSync(built))
  fail(`${path.relative(root, built)} is missing: run 'npx pnpm --filter @gerbert/native build:addon'`);
copyFileSync(built, packaged);
run('strip', '--strip-unneeded', packaged);

const foreign = foreignLibraries(run('readelf', '--dynamic', '--wide', packaged), EXPECTED);
if (foreign.length > 0) fail(`the addon needs ${foreign.join(', ')}, which other machines may not have`);
const symbols = run('readelf', '--dyn-syms', '--wide', packaged);
const newer = newerSymbols(symbols, OLDEST_GLIBC);
if (newer.length > 0) fail(`the addon needs a glibc newer than ${OLDEST_GLIBC}: ${newer.join(', ')}`);

const size = Math.round(statSync(packaged).size / 1024);
console.log(`pack-native: ${path.relative(root, packaged)}, ${size} KiB, runs from glibc ${requiredGlibc(symbols)} on`);
