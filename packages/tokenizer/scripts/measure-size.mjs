/**
 * Prints how large bundles of the package's entry points are, minified and gzipped. Needs `pnpm build` first; esbuild is
 * fetched by npx.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const BUNDLES = [
  ['wordpiece', `export * from './lean/wordpiece.js'`],
  ['byte-level', `export * from './lean/byte-level.js'`],
  ['Tokenizer.fromJSON (all components)', `export { Tokenizer } from './index.js'`],
  ['everything', `export * from './index.js'`],
];

for (const [name, entry] of BUNDLES) {
  const code = execFileSync('npx', ['--yes', 'esbuild', '--bundle', '--minify', '--format=esm', '--log-level=error'], {
    cwd: dist,
    input: entry,
  });
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(
    `${name.padEnd(36)} ${kB(code.length).padStart(9)} minified ${kB(gzipSync(code, { level: 9 }).length).padStart(9)} gzipped`,
  );
}
