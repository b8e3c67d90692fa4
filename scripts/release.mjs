// Publishes every package whose version the registry lacks; with --dry-run does all but the upload.
// Versions come from `npx pnpm changeset version`, which is committed before this runs.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isComplete, publishedPackages } from './packages/pack.mjs';
import { setUp } from './setup/set-up.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const unknown = process.argv.slice(2).filter((argument) => argument !== '--dry-run');
if (unknown.length > 0) fail(`unknown argument ${unknown[0]}; there is only --dry-run`);
const dry = process.argv.includes('--dry-run');

function fail(message) {
  console.error(`release: ${message}`);
  process.exit(1);
}

/** Runs a command with its output shown; a failure ends the release. */
function run(command, ...args) {
  console.error(`release: ${command} ${args.join(' ')}`);
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    fail(`'${command} ${args.join(' ')}' failed`);
  }
}

const changes = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
if (changes !== '' && !dry) fail('there are uncommitted changes; what is published must be what is committed');

const packages = publishedPackages(root);
// Files whose sources are gone must not be published.
for (const { folder } of packages) rmSync(path.join(root, folder, 'dist'), { recursive: true, force: true });
await setUp(root);
run('node', 'scripts/pack-native.mjs');
const incomplete = packages.filter((candidate) => !isComplete(root, candidate));
if (incomplete.length > 0) fail(`no addon for ${incomplete.map(({ name }) => name).join(', ')}`);
run('node', 'scripts/check-imports.mjs');
run('node', 'scripts/check-packages.mjs');

const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const filters = packages.flatMap(({ folder }) => ['--filter', `./${folder}`]);
const publish = ['publish', '--access', 'public', '--no-git-checks', ...(dry ? ['--dry-run'] : [])];
run('npx', '--yes', packageManager, '-r', ...filters, ...publish);
if (!dry) run('npx', '--yes', packageManager, 'exec', 'changeset', 'tag');
