import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bertParts } from '../builders/bert.js';
import { gpt2Parts } from '../builders/gpt2.js';
import { TIKTOKEN_ENCODINGS, type TiktokenEncoding, tiktokenParts } from '../builders/tiktoken.js';
import { TokenizerError } from '../errors.js';
import { parseMerges, parseVocabJson } from '../formats/vocab-merges.js';
import { parseVocabTxt } from '../formats/vocab-txt.js';
import { checkChoice, checkOptions } from '../options.js';
import { readAnyTokenizer } from '../readers.js';
import type { TokenizerParts } from '../tokenizer-core.js';
import { CONFIG, readConfig, type TokenizerConfig } from './config.js';
import { fileError, naming, readBytes, readText } from './files.js';
import { LoadedTokenizer } from './loaded-tokenizer.js';

type Load = (directory: string, config: TokenizerConfig) => Promise<TokenizerParts>;

/** The content of a file, read by `parse`, whose errors are given the file's name. */
async function parseFile<T>(path: string, parse: (text: string) => T): Promise<T> {
  const text = await readText(path);
  return naming(path, () => parse(text));
}

/** BERT's own format: vocab.txt, and tokenizer_config.json for whether it lowers and how special tokens are called. */
async function loadVocabTxt(path: string, config: TokenizerConfig): Promise<TokenizerParts> {
  const vocab = await parseFile(path, parseVocabTxt);
  const settings = new Map(Object.entries(config.json));
  const flag = (key: string, fallback: boolean | undefined): boolean | undefined => {
    const value = settings.get(key) ?? fallback;
    if (value === undefined || typeof value === 'boolean') return value;
    const message = `${join(dirname(path), CONFIG)}: "${key}" must be true or false`;
    throw new TokenizerError('TOKENIZER_FILE_MALFORMED', message);
  };
  const { unkToken, sepToken, clsToken, padToken, maskToken } = config.specialTokens;
  return naming(path, () =>
    bertParts({
      vocab,
      lowercase: flag('do_lower_case', true),
      stripAccents: flag('strip_accents', undefined),
      handleChineseChars: flag('tokenize_chinese_chars', true),
      unkToken,
      sepToken,
      clsToken,
      padToken,
      maskToken,
    }),
  );
}

async function loadMerges(vocabPath: string, mergesPath: string, config: TokenizerConfig): Promise<TokenizerParts> {
  const [vocab, merges] = await Promise.all([parseFile(vocabPath, parseVocabJson), parseFile(mergesPath, parseMerges)]);
  const addPrefixSpace = Object.hasOwn(config.json, 'add_prefix_space') ? config.json.add_prefix_space : undefined;
  return naming(mergesPath, () => gpt2Parts({ vocab, merges, addPrefixSpace: addPrefixSpace === true }));
}

async function loadTokenizerJson(path: string): Promise<TokenizerParts> {
  const json = await readBytes(path);
  return naming(path, () => readAnyTokenizer(json));
}

/** How a directory may hold a tokenizer, in the order in which it is looked for. */
const LAYOUTS: readonly (readonly [string[], Load])[] = [
  [['tokenizer.json'], (directory) => loadTokenizerJson(join(directory, 'tokenizer.json'))],
  ...[
    ['vocab.json', 'merges.txt'],
    ['encoder.json', 'vocab.bpe'],
  ].map((names): [string[], Load] => [
    names,
    (directory, config) => loadMerges(join(directory, names[0]), join(directory, names[1]), config),
  ]),
  [['vocab.txt'], (directory, config) => loadVocabTxt(join(directory, 'vocab.txt'), config)],
];

const RANKS = '.tiktoken';

/** A file of tiktoken ranks: its name tells the encoding, where the options do not. */
function ranksLayout(name: string, given: TiktokenEncoding | undefined): readonly [string[], Load] {
  const encoding = given ?? TIKTOKEN_ENCODINGS.find((known) => name === `${known}${RANKS}`);
  const load: Load = async (directory) => {
    const path = join(directory, name);
    if (encoding !== undefined) return parseFile(path, (ranks) => tiktokenParts({ ranks, encoding }));
    const message = `${path}: the name tells no encoding; say which with the option "encoding": ${TIKTOKEN_ENCODINGS.join(', ')}.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  };
  return [[name], load];
}

async function findLayout(directory: string, encoding?: TiktokenEncoding): Promise<readonly [string[], Load]> {
  const present = new Set(await readdir(directory));
  const layout = LAYOUTS.find(([names]) => names.every((name) => present.has(name)));
  if (layout !== undefined) return layout;
  const ranks = [...present].filter((name) => name.endsWith(RANKS));
  if (ranks.length === 1) return ranksLayout(ranks[0], encoding);
  const wanted = [...LAYOUTS.map(([names]) => names.join(' with ')), `one file *${RANKS}`].join(', ');
  throw new TokenizerError('TOKENIZER_FILE_MISSING', `${directory}: no tokenizer here; looked for ${wanted}.`);
}

/** What reads a file by its name. */
function layoutOfFile(path: string, encoding?: TiktokenEncoding): readonly [string[], Load] {
  const name = basename(path);
  if (name.endsWith(RANKS)) return ranksLayout(name, encoding);
  const layout = LAYOUTS.find(([names]) => names.length > 1 && names.includes(name));
  if (layout !== undefined) return layout;
  if (name.endsWith('.txt')) return [[name], (_, config) => loadVocabTxt(path, config)];
  return [[name], () => loadTokenizerJson(path)];
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw fileError(path, cause);
  }
}

export interface LoadTokenizerOptions {
  /** Which encoding a file of tiktoken ranks is for, where its name does not say. */
  encoding?: TiktokenEncoding;
}

/** Only tokenizer.json lists its added tokens itself. */
function addMissing(tokenizer: LoadedTokenizer): void {
  for (const { special, token } of tokenizer.config.addedTokens.values()) {
    if (special) tokenizer.addSpecialTokens([token]);
    else tokenizer.addTokens([token]);
  }
}

/**
 * Reads a tokenizer from a directory (tokenizer.json; vocab.json with merges.txt; encoder.json with vocab.bpe; vocab.txt;
 * a file of tiktoken ranks, as cl100k_base.tiktoken) or from one of these files. What tokenizer_config.json, special_tokens_map.json and chat_template.jinja say is in
 * `config`; where there is no tokenizer.json, do_lower_case, strip_accents, tokenize_chinese_chars, add_prefix_space, the
 * names of special tokens and added_tokens_decoder have their effect.
 * @throws TokenizerError `TOKENIZER_FILE_MISSING`, `TOKENIZER_FILE_MALFORMED` or `TOKENIZER_COMPONENT_UNSUPPORTED`, naming
 * the file and what is wrong.
 */
export async function loadTokenizer(path: string, options: LoadTokenizerOptions = {}): Promise<LoadedTokenizer> {
  checkOptions(options, ['encoding'], 'loadTokenizer');
  const { encoding } = options;
  if (encoding !== undefined) checkChoice(encoding, TIKTOKEN_ENCODINGS, 'loadTokenizer: encoding');
  const inside = await isDirectory(path);
  const directory = inside ? path : dirname(path);
  const [names, load] = inside ? await findLayout(path, encoding) : layoutOfFile(path, encoding);
  const config = await readConfig(directory);
  const parts = await load(directory, config);
  const tokenizer = new LoadedTokenizer(parts, config);
  if (!names[0].endsWith('.json') || names.length > 1) addMissing(tokenizer);
  return tokenizer;
}
