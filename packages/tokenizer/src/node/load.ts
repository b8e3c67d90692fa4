import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bertTokenizer, gpt2Tokenizer } from '../builders.js';
import { TokenizerError } from '../errors.js';
import { parseMerges, parseVocabJson } from '../formats/vocab-merges.js';
import { parseVocabTxt } from '../formats/vocab-txt.js';
import { isObject } from '../json/fields.js';
import { Tokenizer } from '../tokenizer.js';
import { fileError, naming, readJson, readText } from './files.js';

function malformed(path: string, what: string): TokenizerError {
  return new TokenizerError('TOKENIZER_FILE_MALFORMED', `${path}: ${what}`);
}

/** The content of a file, read by `parse`, whose errors are given the file's name. */
async function parseFile<T>(path: string, parse: (text: string) => T): Promise<T> {
  const text = await readText(path);
  return naming(path, () => parse(text));
}

/** BERT's own format: vocab.txt, and tokenizer_config.json for whether it lowers. */
async function loadVocabTxt(directory: string, name: string): Promise<Tokenizer> {
  const path = join(directory, name);
  const vocab = await parseFile(path, parseVocabTxt);
  const config = await readConfig(directory);
  const flag = (key: string, fallback: boolean | undefined): boolean | undefined => {
    const value = config.get(key) ?? fallback;
    if (value === undefined || typeof value === 'boolean') return value;
    throw malformed(join(directory, CONFIG), `"${key}" must be true or false`);
  };
  return naming(path, () =>
    bertTokenizer({
      vocab,
      lowercase: flag('do_lower_case', true),
      stripAccents: flag('strip_accents', undefined),
      handleChineseChars: flag('tokenize_chinese_chars', true),
    }),
  );
}

const CONFIG = 'tokenizer_config.json';

async function readConfig(directory: string): Promise<Map<string, unknown>> {
  const path = join(directory, CONFIG);
  try {
    const json = await readJson(path);
    if (!isObject(json)) throw malformed(path, 'expected an object');
    return new Map(Object.entries(json));
  } catch (error) {
    if ((error as TokenizerError).code === 'TOKENIZER_FILE_MISSING') return new Map();
    throw error;
  }
}

async function loadMerges(directory: string, vocabName: string, mergesName: string): Promise<Tokenizer> {
  const [vocab, merges] = await Promise.all([
    parseFile(join(directory, vocabName), parseVocabJson),
    parseFile(join(directory, mergesName), parseMerges),
  ]);
  return naming(join(directory, mergesName), () => gpt2Tokenizer({ vocab, merges }));
}

async function loadTokenizerJson(path: string): Promise<Tokenizer> {
  const json = await readText(path);
  return naming(path, () => Tokenizer.fromJSON(json));
}

/** How a directory may hold a tokenizer, in the order in which it is looked for. */
const LAYOUTS: readonly (readonly [string[], (directory: string) => Promise<Tokenizer>])[] = [
  [['tokenizer.json'], (directory) => loadTokenizerJson(join(directory, 'tokenizer.json'))],
  [['vocab.json', 'merges.txt'], (directory) => loadMerges(directory, 'vocab.json', 'merges.txt')],
  [['encoder.json', 'vocab.bpe'], (directory) => loadMerges(directory, 'encoder.json', 'vocab.bpe')],
  [['vocab.txt'], (directory) => loadVocabTxt(directory, 'vocab.txt')],
];

async function loadDirectory(directory: string): Promise<Tokenizer> {
  const present = new Set(await readdir(directory));
  for (const [names, load] of LAYOUTS) {
    if (names.every((name) => present.has(name))) return load(directory);
  }
  const wanted = LAYOUTS.map(([names]) => names.join(' with ')).join(', ');
  throw new TokenizerError('TOKENIZER_FILE_MISSING', `${directory}: no tokenizer here; looked for ${wanted}.`);
}

/**
 * Reads a tokenizer from a directory (tokenizer.json; vocab.json with merges.txt; encoder.json with vocab.bpe; vocab.txt,
 * with do_lower_case, strip_accents and tokenize_chinese_chars of tokenizer_config.json) or from one of these files.
 * @throws TokenizerError `TOKENIZER_FILE_MISSING`, `TOKENIZER_FILE_MALFORMED` or `TOKENIZER_COMPONENT_UNSUPPORTED`, naming
 * the file and what is wrong.
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
  } catch (cause) {
    throw fileError(path, cause);
  }
  if (isDirectory) return loadDirectory(path);
  const name = basename(path);
  if (name.endsWith('.txt') && name !== 'merges.txt') return loadVocabTxt(dirname(path), name);
  const layout = LAYOUTS.find(([names]) => names.length > 1 && names.includes(name));
  return layout === undefined ? loadTokenizerJson(path) : layout[1](dirname(path));
}
