/** Prints how large bundles of the package's entry points are, minified and gzipped. Needs a build. */
import { fileURLToPath } from 'node:url';
import { bundleSize } from './bundle-size.mjs';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

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
  console.log(`${name.padEnd(36)} ${kB(minified)} minified ${kB(gzipped)} gzipped`);
}
