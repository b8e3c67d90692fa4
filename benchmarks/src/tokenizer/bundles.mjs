// How much a web page has to load for one kind of tokenizer: code without vocabulary, minified and gzipped.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { nodeFolder } from '../folders.mjs';
import { row } from '../rows.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

const bundles = [
  {
    name: 'bundle: byte-level BPE',
    ours: "export { tokenizerFromJSON } from '@gerbert/tokenizer/byte-level';",
    peers: [
      { label: 'js-tiktoken/lite (npm)', entry: "export { Tiktoken } from 'js-tiktoken/lite';" },
      { label: '@huggingface/tokenizers (npm)', entry: "export { Tokenizer } from '@huggingface/tokenizers';" },
      { label: 'gpt-tokenizer (npm)', entry: "export { GptEncoding } from 'gpt-tokenizer/GptEncoding';" },
    ],
  },
  {
    name: 'bundle: WordPiece',
    ours: "export { tokenizerFromJSON } from '@gerbert/tokenizer/wordpiece';",
    peers: [{ label: '@huggingface/tokenizers (npm)', entry: "export { Tokenizer } from '@huggingface/tokenizers';" }],
  },
];

/** Bytes in thousands; null and the reason where it cannot be bundled. */
async function sizeOf(esbuild, contents, resolveDir) {
  try {
    const options = {
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      logLevel: 'silent',
    };
    const { outputFiles } = await esbuild.build({ ...options, stdin: { contents, resolveDir } });
    return { kB: gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000 };
  } catch (error) {
    return { kB: null, note: error.message.split('\n')[0] };
  }
}

function esbuildOf(folder) {
  try {
    return createRequire(`${folder}/package.json`)('esbuild');
  } catch {
    return null;
  }
}

/** A row for every peer. @returns {Promise<import('../rows.mjs').Row[]>} */
export async function bundleRows() {
  const esbuild = esbuildOf(nodeFolder);
  const rows = [];
  for (const { name, ours, peers } of bundles) {
    const mine = esbuild === null ? null : await sizeOf(esbuild, ours, here);
    for (const { label, entry } of peers) {
      const known = { suite: 'tokenizer', case: name, dtype: 'code', threads: 1, peer: label };
      if (mine === null) {
        rows.push(row({ ...known, note: 'esbuild is not installed: pnpm bench:setup' }));
        continue;
      }
      const theirs = await sizeOf(esbuild, entry, nodeFolder);
      const note = [mine.note, theirs.note].filter(Boolean).join('; ');
      const ratio = mine.kB === null || theirs.kB === null ? null : theirs.kB / mine.kB;
      rows.push(row({ ...known, kB: { ours: mine.kB, peer: theirs.kB }, ratio, ...(note ? { note } : {}) }));
    }
  }
  return rows;
}
