import { GerbertError } from '@gerbert/tensor';
import { Pacer } from '../baselines/pacer.js';
import { type Split, tales } from '../tales/index.js';
import { unknownOption } from '../tales/options.js';
import { assemble, type Corpus, type Document, divide } from './corpus.js';
import { readTextFiles } from './files.js';
import { addresses, mobyDick } from './packages.js';

/** Which texts: one of the corpora by name, or the user's own files. */
export type CorpusSpec = { name: 'addresses' | 'moby-dick' | 'tales' } | { paths: readonly string[] };

export interface CorpusOptions {
  /** Of the tales. */
  seed: number;
  /** Of the tales and of the user's own files; the named texts are English. */
  lang: 'en' | 'zh';
  /** How many tales to generate for training; held-out ones are a tenth as many. */
  stories: number;
  signal?: AbortSignal;
}

/**
 * Reads or generates a corpus and divides it. Gives the event loop its turn between documents; rejects with the signal's reason.
 *
 * @throws `CORPUS_OPTION`; `CORPUS_PACKAGE_MISSING`, `CORPUS_EMPTY`, `CORPUS_NOT_TEXT`, `FILE_UNREADABLE`; `CORPUS_TOO_SMALL` where nothing could be held out
 */
export async function loadCorpus(spec: CorpusSpec, options: CorpusOptions): Promise<Corpus> {
  check(spec, options);
  const pacer = new Pacer(options.signal);
  if ('name' in spec && spec.name === 'tales') return tellTales(options, pacer);
  const [name, documents] = await read(spec, pacer);
  const parts = divide(documents);
  if (parts.train.length === 0 || parts.test.length === 0) {
    throw new GerbertError(
      'CORPUS_TOO_SMALL',
      `The corpus ${name} has ${documents.length} document(s): some must be held out, so it needs more text.`,
    );
  }
  return assemble({ name, lang: options.lang }, parts);
}

async function tellTales({ seed, lang, stories }: CorpusOptions, pacer: Pacer): Promise<Corpus> {
  const tell = async (split: Split, count: number): Promise<Document[]> => {
    const told: Document[] = [];
    for (const { text, sentences } of tales({ seed, lang, split })) {
      if (told.length >= count) break;
      told.push({ text, sentences });
      await pacer.breathe();
    }
    return told;
  };
  const held = Math.max(8, Math.ceil(stories / 10));
  const [train, validation, test] = [
    await tell('train', stories),
    await tell('validation', held),
    await tell('test', held),
  ];
  return assemble({ name: 'tales', lang }, { train, validation, test });
}

function check(spec: CorpusSpec, options: CorpusOptions): void {
  const unknown = unknownOption(options, ['seed', 'lang', 'stories', 'signal'], 'loadCorpus');
  if (unknown !== undefined) throw new GerbertError('CORPUS_OPTION', unknown);
  if (!('name' in spec)) return;
  if (!['addresses', 'moby-dick', 'tales'].includes(spec.name)) {
    throw new GerbertError('CORPUS_OPTION', `There is no corpus "${spec.name}": choose addresses, moby-dick or tales.`);
  }
  if (spec.name !== 'tales' && options.lang !== 'en') {
    const message = `The corpus ${spec.name} is English, not "${options.lang}": the tales are told in both languages.`;
    throw new GerbertError('CORPUS_OPTION', message);
  }
}

async function read(spec: CorpusSpec, pacer: Pacer): Promise<[name: string, documents: Document[]]> {
  if ('paths' in spec) return [spec.paths.join(' '), await readTextFiles(spec.paths)];
  const documents: Document[] = [];
  for (const document of spec.name === 'addresses' ? addresses() : mobyDick()) {
    documents.push(document);
    await pacer.breathe();
  }
  return [spec.name, documents];
}
