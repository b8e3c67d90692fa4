import { join } from 'node:path';
import type { JsonObject } from '../json/fields.js';
import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import { checkInteger, checkOptions } from '../options.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import type { Tokenizer } from '../tokenizer.js';
import { writeAtomically } from './files.js';

export interface SaveTokenizerOptions {
  /** Most tokens the model takes, for tokenizer_config.json; left out of it by default. */
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
  const config: JsonObject = { added_tokens_decoder: decoder, ...specificConfig(tokenizer) };
  if (options.modelMaxLength !== undefined) {
    config.model_max_length = checkInteger(options.modelMaxLength, 1, 'modelMaxLength');
  }
  return config;
}

/** Writes tokenizer.json and tokenizer_config.json into `directory` (made if need be), each whole or not at all. */
export async function saveTokenizer(
  tokenizer: Tokenizer,
  directory: string,
  options: SaveTokenizerOptions = {},
): Promise<void> {
  checkOptions(options, ['modelMaxLength'], 'saveTokenizer');
  const config = tokenizerConfig(tokenizer, options);
  await writeAtomically(join(directory, 'tokenizer.json'), `${JSON.stringify(tokenizer, null, 2)}\n`);
  await writeAtomically(join(directory, 'tokenizer_config.json'), `${JSON.stringify(config, null, 2)}\n`);
}
