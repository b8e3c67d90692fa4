// `npm start [-- arguments]`: makes a fresh checkout runnable, then runs `gerbert demo` with the arguments.
// A second start finds its stamp and goes straight to the demo. Everything but the demo's own output goes to stderr.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { setUp } = await import('./setup/set-up.mjs');

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
await setUp(root);

const bin = path.join(root, 'packages/gerbert/bin/gerbert.mjs');
if (!existsSync(bin)) {
  console.error(`gerbert: ${path.relative(root, bin)} is missing from this checkout, so there is no demo to run.`);
  process.exit(1);
}
// The demo runs in this very process, so that its exit code, its signals and its streams are npm's to see.
process.argv = [process.argv[0], bin, 'demo', ...process.argv.slice(2)];
await import(pathToFileURL(bin).href);
