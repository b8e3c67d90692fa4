import { type AddedToken, completeToken } from './added-tokens/added-token.js';
import { ByteLevelDecoder } from './decoders/byte-level.js';
import { WordPieceDecoder } from './decoders/wordpiece.js';
import { TokenizerError } from './errors.js';
import { Bpe, type MergePair } from './models/bpe.js';
import { Vocabulary } from './models/vocabulary.js';
import { WordPiece } from './models/wordpiece.js';
import { BertNormalizer } from './normalizers/bert.js';
import { checkOptions } from './options.js';
import { bertTemplate } from './post-processors/bert.js';
import { ByteLevelProcessing } from './post-processors/byte-level.js';
import { BertPreTokenizer } from './pre-tokenizers/bert.js';
import { ByteLevelPreTokenizer } from './pre-tokenizers/byte-level.js';
import { Tokenizer } from './tokenizer.js';

/** Tokens in the order of their ids, or their ids. */
export type VocabularyInput = Iterable<string> | ReadonlyMap<string, number>;

function toVocabulary(input: VocabularyInput): Vocabulary {
  if (input instanceof Map) return new Vocabulary(new Map(input));
  const ids = new Map<string, number>();
  let id = 0;
  // A token that is listed twice has its last id.
  for (const token of input as Iterable<string>) ids.set(token, id++);
  return new Vocabulary(ids);
}

function specialTokens(vocabulary: Vocabulary, contents: readonly string[]): AddedToken[] {
  return contents
    .filter((content) => vocabulary.id(content) !== undefined)
    .map((content) => completeToken(content, true));
}

export interface BertTokenizerOptions {
  vocab: VocabularyInput;
  /** True by default. */
  lowercase?: boolean;
  /** Follows `lowercase` by default. */
  stripAccents?: boolean;
  /** True by default: spaces around CJK ideographs. */
  handleChineseChars?: boolean;
  /** True by default: control characters go, white space becomes spaces. */
  cleanText?: boolean;
  /** `##` by default. */
  continuingSubwordPrefix?: string;
  /** 100 by default. */
  maxInputCharsPerWord?: number;
  unkToken?: string;
  sepToken?: string;
  clsToken?: string;
  padToken?: string;
  maskToken?: string;
}

const BERT_OPTIONS = [
  'vocab',
  'lowercase',
  'stripAccents',
  'handleChineseChars',
  'cleanText',
  'continuingSubwordPrefix',
  'maxInputCharsPerWord',
  'unkToken',
  'sepToken',
  'clsToken',
  'padToken',
  'maskToken',
];

/**
 * BERT's tokenizer over a vocabulary (Devlin et al. 2019).
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the vocabulary lacks the separator or classification token.
 */
export function bertTokenizer(options: BertTokenizerOptions): Tokenizer {
  checkOptions(options, BERT_OPTIONS, 'bertTokenizer');
  const {
    unkToken = '[UNK]',
    sepToken = '[SEP]',
    clsToken = '[CLS]',
    padToken = '[PAD]',
    maskToken = '[MASK]',
  } = options;
  const prefix = options.continuingSubwordPrefix ?? '##';
  const vocabulary = toVocabulary(options.vocab);
  const required = (token: string): readonly [string, number] => {
    const id = vocabulary.id(token);
    if (id !== undefined) return [token, id];
    const message = `bertTokenizer: the vocabulary lacks "${token}"; name the token it uses instead.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  };
  return new Tokenizer({
    normalizer: new BertNormalizer({
      cleanText: options.cleanText ?? true,
      handleChineseChars: options.handleChineseChars ?? true,
      stripAccents: options.stripAccents,
      lowercase: options.lowercase ?? true,
    }),
    preTokenizer: new BertPreTokenizer(),
    model: new WordPiece({
      vocabulary,
      unkToken,
      continuingSubwordPrefix: prefix,
      maxInputCharsPerWord: options.maxInputCharsPerWord ?? 100,
    }),
    postProcessor: bertTemplate(required(sepToken), required(clsToken)),
    decoder: new WordPieceDecoder(prefix, true),
    addedTokens: specialTokens(vocabulary, [padToken, unkToken, clsToken, sepToken, maskToken]),
  });
}

export interface Gpt2TokenizerOptions {
  vocab: VocabularyInput;
  merges: readonly MergePair[];
  /** False by default: a space before the first word. */
  addPrefixSpace?: boolean;
  /** Special tokens; `<|endoftext|>` by default, where the vocabulary has it. */
  specialTokens?: readonly string[];
}

/** GPT-2's tokenizer over a vocabulary and merges (Radford et al. 2019). Special tokens that are new are added. */
export function gpt2Tokenizer(options: Gpt2TokenizerOptions): Tokenizer {
  checkOptions(options, ['vocab', 'merges', 'addPrefixSpace', 'specialTokens'], 'gpt2Tokenizer');
  const vocabulary = toVocabulary(options.vocab);
  const addPrefixSpace = options.addPrefixSpace ?? false;
  const byteLevel = { addPrefixSpace, trimOffsets: true, useRegex: true };
  const tokenizer = new Tokenizer({
    preTokenizer: new ByteLevelPreTokenizer(byteLevel),
    model: new Bpe({ vocabulary, merges: options.merges }),
    postProcessor: new ByteLevelProcessing({ ...byteLevel, addPrefixSpace: true, trimOffsets: false }),
    decoder: new ByteLevelDecoder({ ...byteLevel, addPrefixSpace: true }),
    addedTokens: options.specialTokens ? [] : specialTokens(vocabulary, ['<|endoftext|>']),
  });
  tokenizer.addSpecialTokens(options.specialTokens ?? []);
  return tokenizer;
}
