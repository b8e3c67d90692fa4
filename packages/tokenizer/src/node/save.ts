import { join } from 'node:path';
import type { JsonObject } from '../json/fields.js';
import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import { checkInteger, checkOptions } from '../options.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import type { Tokenizer } from '../tokenizer.js';
import { CONFIG, SPECIAL_TOKENS, specialTokensMap } from './config.js';
import { writeAtomically } from './files.js';
import { LoadedTokenizer } from './loaded-tokenizer.js';

export interface SaveTokenizerOptions {
  /** Most tokens the model takes, for tokenizer_config.json; left out of it by default, or as it was loaded. */
  modelMaxLength?: number;
}

const BERT_TOKENS = [
  ['unk_token', '[UNK]'],
  ['sep_token', '[SEP]'],
  ['pad_token', '[PAD]'],
  ['cls_token', '[CLS]'],
  ['mask_token', '[MASK]'],
] as const;

function bertConfig(tokenizer: Tokenizer, model: WordPiece): JsonObject {
  const config: JsonObject = { tokenizer_class: 'BertTokenizer' };
  for (const [key, token] of BERT_TOKENS) {
    if (tokenizer.tokenToId(token) !== undefined) config[key] = token;
  }
  config.unk_token = model.unkToken;
  if (tokenizer.normalizer instanceof BertNormalizer) {
    const { lowercase, stripAccents, handleChineseChars } = tokenizer.normalizer.options;
    config.do_lower_case = lowercase;
    config.strip_accents = stripAccents ?? null;
    config.tokenize_chinese_chars = handleChineseChars;
  }
  return config;
}

function gpt2Config(tokenizer: Tokenizer, preTokenizer: ByteLevelPreTokenizer): JsonObject {
  const config: JsonObject = {
    tokenizer_class: 'GPT2Tokenizer',
    add_prefix_space: preTokenizer.options.addPrefixSpace,
  };
  const end = '<|endoftext|>';
  if (tokenizer.tokenToId(end) === undefined) return config;
  return { ...config, bos_token: end, eos_token: end, unk_token: end };
}

function specificConfig(tokenizer: Tokenizer): JsonObject {
  if (tokenizer.model instanceof WordPiece) return bertConfig(tokenizer, tokenizer.model);
  if (tokenizer.preTokenizer instanceof ByteLevelPreTokenizer) return gpt2Config(tokenizer, tokenizer.preTokenizer);
  return { tokenizer_class: 'PreTrainedTokenizerFast' };
}

/** What was loaded is kept; where that is nothing, names of special tokens and the like are written anew. */
function keptConfig({ config }: LoadedTokenizer, fallback: JsonObject): JsonObject {
  const names = { ...config.specialTokensMap };
  return Object.keys(config.json).length === 0 ? { ...fallback, ...names } : { ...names, ...config.json };
}

/** tokenizer_config.json as the `transformers` library writes it. */
function tokenizerConfig(tokenizer: Tokenizer, options: SaveTokenizerOptions): JsonObject {
  const decoder: JsonObject = {};
  for (const [id, token] of tokenizer.addedTokens()) {
    decoder[id] = {
      content: token.content,
      lstrip: token.lstrip,
      normalized: token.normalized,
      rstrip: token.rstrip,
      single_word: token.singleWord,
      special: token.special,
    };
  }
  const specific =
    tokenizer instanceof LoadedTokenizer ? keptConfig(tokenizer, specificConfig(tokenizer)) : specificConfig(tokenizer);
  const config: JsonObject = { ...specific, added_tokens_decoder: decoder };
  if (options.modelMaxLength !== undefined) {
    config.model_max_length = checkInteger(options.modelMaxLength, 1, 'modelMaxLength');
  }
  return config;
}

/**
 * Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json into `directory` (made if need be), each whole
 * or not at all. A tokenizer that was loaded keeps what its tokenizer_config.json said.
 */
export async function saveTokenizer(
  tokenizer: Tokenizer,
  directory: string,
  options: SaveTokenizerOptions = {},
): Promise<void> {
  checkOptions(options, ['modelMaxLength'], 'saveTokenizer');
  const config = tokenizerConfig(tokenizer, options);
  await writeAtomically(join(directory, 'tokenizer.json'), `${JSON.stringify(tokenizer, null, 2)}\n`);
  await writeAtomically(join(directory, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  await writeAtomically(join(directory, SPECIAL_TOKENS), `${JSON.stringify(specialTokensMap(config), null, 2)}\n`);
}
