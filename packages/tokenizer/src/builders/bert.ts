import { WordPieceDecoder } from '../decoders/wordpiece.js';
import { TokenizerError } from '../errors.js';
import { WordPiece } from '../models/wordpiece.js';
import { BertNormalizer } from '../normalizers/bert.js';
import { checkOptions } from '../options.js';
import { bertTemplate } from '../post-processors/bert.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import type { TokenizerParts } from '../tokenizer-core.js';
import { specialTokens, toVocabulary, type VocabularyInput } from './vocabulary-input.js';

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
export function bertParts(options: BertTokenizerOptions): TokenizerParts {
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
  return {
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
  };
}
