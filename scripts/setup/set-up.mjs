import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { handleInterrupts, logTail, runLogged } from './child.mjs';
import { addonInputs, distInputs, fingerprint, installInputs, packageFolders, simdeInputs } from './fingerprint.mjs';
import { findSimde, findToolchain } from './toolchain.mjs';

const QUIET = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' };

/**
 * Brings a checkout to the state in which everything runs: packages installed, addon and `dist` built.
 *
 * Each of the three steps leaves a fingerprint of its inputs in a stamp, and is passed over while they are the same and
 * its results are there; so a second call starts neither pnpm nor turbo. A step that failed or was interrupted leaves
 * none. The addon alone may fail: a line on stderr says why, Gerbert computes in plain JavaScript, and the same sources
 * are not compiled in vain again.
 *
 * Where `simde`, a fourth step builds the kernels of every instruction set over SIMDe, for the tests of those that this
 * processor lacks; without SIMDe, those tests skip.
 *
 * Ends the process with 1 where installing or building the TypeScript fails.
 */
export async function setUp(root, { simde = false } = {}) {
  const checkout = new Checkout(root);
  const ignoreInterrupts = handleInterrupts();
  try {
    await install(checkout);
    await buildAddon(checkout);
    if (simde) await buildSimde(checkout);
    await buildDist(checkout);
  } catch (error) {
    if (error.name !== 'StepError') throw error;
    console.error(`${logTail(error.log)}\ngerbert: ${error.message}`);
    process.exit(1);
  }
  ignoreInterrupts();
}

class Checkout {
  constructor(root) {
    this.root = root;
    this.stampFile = path.join(root, '.cache/setup/stamp.json');
    const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    this.pnpm = packageManager;
  }

  path(name) {
    return path.join(this.root, name);
  }

  stamp() {
    try {
      return JSON.parse(readFileSync(this.stampFile, 'utf8'));
    } catch {
      return {};
    }
  }

  /** Replaces one step's entry; without a value, takes it away. */
  write(step, entry) {
    mkdirSync(path.dirname(this.stampFile), { recursive: true });
    const draft = `${this.stampFile}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify({ ...this.stamp(), [step]: entry }, null, 2)}\n`);
    renameSync(draft, this.stampFile);
  }

  /** Runs the pinned pnpm through npx, since a fresh machine has none. */
  run(title, log, args) {
    return runLogged(title, 'npx', ['--yes', this.pnpm, ...args], {
      cwd: this.root,
      log: this.path(`.cache/setup/${log}`),
      // `npm start --silent` would silence npx, and so the log, too.
      env: { ...QUIET, npm_config_loglevel: 'notice', CMAKE_BUILD_PARALLEL_LEVEL: String(availableParallelism()) },
    });
  }
}

async function install(checkout) {
  const inputs = fingerprint(checkout.root, installInputs(checkout.root), [process.platform, process.arch]);
  const folders = ['.', ...packageFolders(checkout.root).filter((folder) => folder.startsWith('packages/'))];
  const present = folders.every((folder) => existsSync(checkout.path(`${folder}/node_modules`)));
  if (present && checkout.stamp().install?.inputs === inputs) return;
  checkout.write('install', undefined);
  await checkout.run(`installing packages with ${checkout.pnpm}`, 'install.log', ['install', '--frozen-lockfile']);
  checkout.write('install', { inputs });
}

async function buildAddon(checkout) {
  const { missing, tools } = findToolchain();
  const inputs = fingerprint(checkout.root, addonInputs(checkout.root), [process.platform, process.arch, tools]);
  const addon = checkout.path('native/build/Release/cpu.node');
  const before = checkout.stamp().addon;
  if (before?.inputs === inputs && (before.failed || existsSync(addon))) {
    if (before.failed) console.error(withoutAddon(`${before.failed}; delete .cache/setup to try again`));
    return;
  }
  checkout.write('addon', undefined);
  // The loader takes what a release has packed where nothing is built; of older sources, it must not.
  for (const folder of packageFolders(checkout.root).filter((name) => name.startsWith('native/npm/'))) {
    rmSync(checkout.path(`${folder}/cpu.node`), { force: true });
  }
  if (missing !== null) {
    // An addon known to be of older sources must not be taken for this one.
    if (before !== undefined) rmSync(addon, { force: true });
    console.error(withoutAddon(`not found on PATH: ${missing}`));
    return;
  }
  try {
    await checkout.run('building the native kernels', 'addon.log', [
      '--filter',
      '@gerbert/native',
      'run',
      'build:addon',
    ]);
    checkout.write('addon', { inputs });
  } catch (error) {
    if (error.name !== 'StepError') throw error;
    rmSync(addon, { force: true });
    const failed = `${firstError(error.log)} (log: ${path.relative(checkout.root, error.log)})`;
    console.error(withoutAddon(failed));
    checkout.write('addon', { inputs, failed });
  }
}

async function buildSimde(checkout) {
  const { missing, tools } = findToolchain();
  const headers = findSimde();
  const inputs = fingerprint(checkout.root, simdeInputs(checkout.root), [process.arch, tools, headers]);
  const addon = checkout.path('native/build/simde/Release/cpu.node');
  const before = checkout.stamp().simde;
  if (before?.inputs === inputs && (before.failed || existsSync(addon))) return;
  checkout.write('simde', undefined);
  rmSync(addon, { force: true });
  if (missing !== null || headers === null) return;
  try {
    const args = ['--filter', '@gerbert/native', 'run', 'build:simde'];
    await checkout.run('building the kernels over SIMDe', 'simde.log', args);
    checkout.write('simde', { inputs });
  } catch (error) {
    if (error.name !== 'StepError') throw error;
    // The tests that need it fail by what the build has left.
    rmSync(addon, { force: true });
    console.error(`gerbert: ${error.message}: ${firstError(error.log)}`);
    checkout.write('simde', { inputs, failed: true });
  }
}

/** The line of a compiler's or CMake's log that says what went wrong first. */
function firstError(log) {
  const lines = readFileSync(log, 'utf8').split('\n');
  const line = lines.find((text) => /\berror\b/i.test(text) && !text.startsWith('npm ')) ?? 'their build failed';
  return line.trim().slice(0, 200);
}

function withoutAddon(reason) {
  return `gerbert: going on in plain JavaScript, without the native kernels: ${reason}`;
}

async function buildDist(checkout) {
  const inputs = fingerprint(checkout.root, distInputs(checkout.root));
  const folders = ['native', ...packageFolders(checkout.root).filter((folder) => folder.startsWith('packages/'))];
  const present = folders.every((folder) => existsSync(checkout.path(`${folder}/dist/index.js`)));
  if (present && checkout.stamp().dist?.inputs === inputs) return;
  checkout.write('dist', undefined);
  await checkout.run('building packages', 'build.log', ['exec', 'turbo', 'run', 'build']);
  checkout.write('dist', { inputs });
}
