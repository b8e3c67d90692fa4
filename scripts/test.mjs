// `npm test [-- arguments of vitest]`: installs and builds what is missing, then runs every test of every package.
// The last line on stdout is `N passed, N failed, N skipped`; skips stand above it with their reasons.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireNode } from './setup/node-version.mjs';
import { closingLines } from './summary-reporter.mjs';

requireNode();
const { setUp } = await import('./setup/set-up.mjs');

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await setUp(root, { simde: true });

const scratch = mkdtempSync(path.join(tmpdir(), 'gerbert-test-'));
const summaryFile = path.join(scratch, 'summary.json');
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const reporters = ['--reporter=default', '--reporter=./scripts/summary-reporter.mjs'];
const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, GERBERT_TEST_SUMMARY: summaryFile },
});
// A terminal sends its interrupt to vitest as well, which ends by itself; this process stays for its exit code.
process.on('SIGINT', () => child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));

child.once('exit', (code, signal) => {
  let summary;
  try {
    summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  } catch {
    console.error('npm test: vitest ended before it had run the tests');
    process.exit(code || (signal === 'SIGINT' ? 130 : 1));
  }
  console.log(closingLines(summary).join('\n'));
  process.exit(code || (signal !== null || summary.failed > 0 ? 1 : 0));
});
