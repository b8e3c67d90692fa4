import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';

/**
 * Bytes that a web page has to load for `code`, an ES module: bundled for browsers with all it imports, minified.
 *
 * @param {string} code
 * @param {string} folder where the modules that it imports are looked for
 * @throws where it cannot be bundled, whole
 * @returns {Promise<{ minified: number, gzipped: number }>} `gzipped` at level 9
 */
export async function bundleSize(code, folder) {
  const entry = path.join(folder, 'entry.mjs');
  /** @type {string[]} */
  const warnings = [];
  const { output } = await build({
    input: entry,
    platform: 'browser',
    onLog: (level, log) => {
      if (level === 'warn') warnings.push(log.message);
    },
    write: false,
    output: { format: 'esm', minify: true, codeSplitting: false, comments: false },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? entry : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
  });
  // What is not found is left outside of the bundle, which would then seem small.
  if (warnings.length > 0) throw new Error(warnings[0]);
  const bytes = Buffer.from(output[0].code);
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}
