// `npm run test:sanitize [-- test files]`: the tests of the native kernels under GCC's AddressSanitizer and UndefinedBehaviorSanitizer. Fails on any report.
// Twice: with this processor's own instructions, and, where SIMDe is installed, over it; there loads and stores under a mask are seen too.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup/set-up.mjs';
import { findSimde, findToolchain } from './setup/toolchain.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const reports = path.join(root, '.cache/sanitize');

function fail(text) {
  console.error(`sanitize: ${text}`);
  process.exit(1);
}

/** The file of a library of the compiler's, by its full name. */
function libraryOf(compiler, name) {
  const { stdout } = spawnSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' });
  const file = stdout?.trim() ?? '';
  if (!path.isAbsolute(file)) fail(`${compiler} has no ${name}; GCC and its sanitizers are needed`);
  return file;
}

/** The sanitizers' reports; that there was no memory for what a test asked for is none. */
function readReports() {
  return readdirSync(reports)
    .map((name) => readFileSync(path.join(reports, name), 'utf8'))
    .map((text) => text.replace(/^==\d+==WARNING: AddressSanitizer failed to allocate .*\n/gm, '').trim())
    .filter((text) => text !== '');
}

/** Builds by a script of native/package.json, and runs test files on what it leaves. Returns what was wrong. */
function check(script, files, libraries) {
  const folder = script.replace('build:', '');
  const build = spawnSync('npm', ['run', '--silent', script], { cwd: path.join(root, 'native'), stdio: 'inherit' });
  if (build.status !== 0) fail(`${script} failed`);
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', 'native', '--project', 'tensor', '--project', 'gerbert', '--testTimeout', '600000'];
  const tests = spawnSync(
    process.execPath,
    [vitest, ...args, ...(process.argv.length > 2 ? process.argv.slice(2) : files)],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        GERBERT_ADDON: path.join(root, 'native/build', folder, 'Release/cpu.node'),
        LD_PRELOAD: libraries.join(' '),
        // Node frees little when it ends, and tests ask it for more memory than there is.
        ASAN_OPTIONS: `detect_leaks=0:allocator_may_return_null=1:log_path=${reports}/report`,
        UBSAN_OPTIONS: `print_stacktrace=1:log_path=${reports}/report`,
      },
    },
  );
  const wrong = readReports();
  return tests.status === 0 ? wrong : [...wrong, `${folder}: tests failed`];
}

await setUp(root);
const { missing, tools } = findToolchain();
if (missing !== null) fail(`not found on PATH: ${missing}`);
const libraries = ['libasan.so', 'libubsan.so'].map((name) => libraryOf(tools[0], name));
const wrong = check('build:sanitize', ['native/test', 'cpu.', 'word-scanner'], libraries);
if (findSimde() === null) console.error('sanitize: not over SIMDe, which is not installed (Debian: libsimde-dev)');
else wrong.push(...check('build:sanitize-simde', ['native/test/binding', 'cpu.'], libraries));
if (wrong.length > 0) fail(`${wrong.length} reports or failures\n${wrong.join('\n')}`);
console.error('sanitize: no reports');
