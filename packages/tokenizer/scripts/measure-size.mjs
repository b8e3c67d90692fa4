/**
 * Prints how large bundles of the package's entry points are, minified and gzipped; ends with 1 where that of one family is
 * larger than it may be. Needs a build.
 */
import { fileURLToPath } from 'node:url';
import { bundleSize } from './bundle-size.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Most bytes of a bundle of one family, gzipped. */
const LIMIT = 30_000;

const BUNDLES = [
  ['wordpiece: tokenizerFromJSON', `export { tokenizerFromJSON } from './lean/wordpiece.js'`],
  ['wordpiece', `export * from './lean/wordpiece.js'`],
  ['byte-level: tokenizerFromJSON', `export { tokenizerFromJSON } from './lean/byte-level.js'`],
  ['byte-level', `export * from './lean/byte-level.js'`],
  ['Tokenizer.fromJSON (all components)', `export { Tokenizer } from './index.js'`],
  ['everything', `export * from './index.js'`],
];

for (const [name, code] of BUNDLES) {
  const { minified, gzipped } = await bundleSize(code, dist);
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
  const over = code.includes('/lean/') && gzipped > LIMIT;
  if (over) process.exitCode = 1;
  console.log(`${name.padEnd(36)} ${kB(minified)} minified ${kB(gzipped)} gzipped${over ? `, over ${kB(LIMIT)}` : ''}`);
}
