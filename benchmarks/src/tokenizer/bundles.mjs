// How much a web page has to load for one kind of tokenizer: code without vocabulary, minified and gzipped.
import { fileURLToPath } from 'node:url';
import { nodeFolder } from '../folders.mjs';
import { row } from '../rows.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
/** The package measures itself by the same. Loaded late: the bundler is not needed for the other rows. */
const measure = new URL('../../../packages/tokenizer/scripts/bundle-size.mjs', import.meta.url).href;

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
async function sizeOf(code, folder) {
  try {
    const { bundleSize } = await import(measure);
    return { kB: (await bundleSize(code, folder)).gzipped / 1000 };
  } catch (error) {
    return { kB: null, note: error.message.split('\n')[0] };
  }
}

/** A row for every peer. @returns {Promise<import('../rows.mjs').Row[]>} */
export async function bundleRows() {
  const rows = [];
  for (const { name, ours, peers } of bundles) {
    const mine = await sizeOf(ours, here);
    for (const { label, entry } of peers) {
      const known = { suite: 'tokenizer', case: name, dtype: 'code', threads: 1, peer: label };
      const theirs = await sizeOf(entry, nodeFolder);
      const note = [mine.note, theirs.note].filter(Boolean).join('; ');
      const ratio = mine.kB === null || theirs.kB === null ? null : theirs.kB / mine.kB;
      rows.push(row({ ...known, kB: { ours: mine.kB, peer: theirs.kB }, ratio, ...(note ? { note } : {}) }));
    }
  }
  return rows;
}
