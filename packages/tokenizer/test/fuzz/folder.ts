import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tokenizer } from '../../src/index.js';
import { loadTokenizer } from '../../src/node/index.js';
import type { Files } from './files.js';

/** Writes the files into a folder of their own and loads a tokenizer from it. */
export async function loadFolder(files: Files): Promise<Tokenizer> {
  const folder = await mkdtemp(join(tmpdir(), 'gerbert-fuzz-'));
  try {
    for (const [name, text] of files) await writeFile(join(folder, name), text);
    return await loadTokenizer(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
