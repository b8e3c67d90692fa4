import { GerbertError } from '@gerbert/tensor';
import { generateTales } from '../tales/index.js';
import { assemble, type Corpus, type Document, divide } from './corpus.js';
import { readTextFiles } from './files.js';
import { addresses, mobyDick } from './packages.js';

/** Which texts: one of the corpora by name, or the user's own files. */
export type CorpusSpec = { name: 'addresses' | 'moby-dick' | 'tales' } | { paths: readonly string[] };

export interface CorpusOptions {
  /** Of the tales. */
  seed: number;
  /** Of the tales; other corpora are in the language they are in. */
  lang: 'en' | 'zh';
  /** How many tales to generate for training; held-out ones are a tenth as many. */
  stories: number;
}

/**
 * Reads or generates a corpus and divides it.
 *
 * @throws `CORPUS_PACKAGE_MISSING`, `CORPUS_EMPTY`, `CORPUS_NOT_TEXT`, `FILE_UNREADABLE`; `CORPUS_TOO_SMALL` where nothing could be held out
 */
export async function loadCorpus(spec: CorpusSpec, { seed, lang, stories }: CorpusOptions): Promise<Corpus> {
  if ('name' in spec && spec.name === 'tales') {
    const tales = (split: 'train' | 'validation' | 'test', count: number): Document[] =>
      generateTales({ seed, lang, split, count }).map(({ text, sentences }) => ({ text, sentences }));
    const held = Math.max(8, Math.ceil(stories / 10));
    const parts = { train: tales('train', stories), validation: tales('validation', held), test: tales('test', held) };
    return assemble({ name: 'tales', lang }, parts);
  }
  const [name, documents] = await read(spec);
  const parts = divide(documents);
  if (parts.train.length === 0 || parts.test.length === 0) {
    throw new GerbertError(
      'CORPUS_TOO_SMALL',
      `The corpus ${name} has ${documents.length} document(s): some must be held out, so it needs more text.`,
    );
  }
  return assemble({ name, lang }, parts);
}

async function read(spec: CorpusSpec): Promise<[name: string, documents: Document[]]> {
  if ('paths' in spec) return [spec.paths.join(' '), await readTextFiles(spec.paths)];
  return [spec.name, spec.name === 'addresses' ? addresses() : mobyDick()];
}
