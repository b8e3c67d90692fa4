import { bertTokenizer } from '../builders.js';
import { TokenizerError } from '../errors.js';
import { BertNormalizer } from '../normalizers/bert.js';
import { checkOptions } from '../options.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import type { Tokenizer } from '../tokenizer.js';
import { TRAINING_OPTIONS, type TrainingOptions, train } from './train.js';
import { type Corpus, pipelineSplitter } from './word-counter.js';

export interface WordPieceTrainingOptions extends TrainingOptions {
  /** `##` by default. */
  continuingSubwordPrefix?: string;
  /** True by default. */
  lowercase?: boolean;
  /** Follows `lowercase` by default. */
  stripAccents?: boolean;
  /** True by default. */
  handleChineseChars?: boolean;
  /** True by default. */
  cleanText?: boolean;
}

const OPTIONS = [
  ...TRAINING_OPTIONS,
  'continuingSubwordPrefix',
  'lowercase',
  'stripAccents',
  'handleChineseChars',
  'cleanText',
];

const SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/**
 * Learns a BERT tokenizer: merges with a continuing prefix, whose symbols become WordPiece's vocabulary (as the Rust
 * library does it). The same corpus and options give the same tokenizer, whatever the order of the texts.
 * `specialTokens` default to BERT's five and must include [UNK], [CLS] and [SEP]; `limitAlphabet` defaults to 1,000.
 */
export async function trainWordPiece(corpus: Corpus, options: WordPieceTrainingOptions = {}): Promise<Tokenizer> {
  checkOptions(options, OPTIONS, 'trainWordPiece');
  const { specialTokens = SPECIAL_TOKENS, limitAlphabet = 1000, continuingSubwordPrefix = '##' } = options;
  const { lowercase = true, stripAccents, handleChineseChars = true, cleanText = true } = options;
  const missing = ['[UNK]', '[CLS]', '[SEP]'].filter((token) => !specialTokens.includes(token));
  if (missing.length > 0) {
    const message = `trainWordPiece: specialTokens must include ${missing.join(', ')}.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  const normalizer = new BertNormalizer({ lowercase, stripAccents, handleChineseChars, cleanText });
  const { tokens } = await train({
    corpus,
    splitter: pipelineSplitter(normalizer, new BertPreTokenizer()),
    options: { ...options, specialTokens, limitAlphabet },
    continuingSubwordPrefix,
  });
  const tokenizer = bertTokenizer({
    vocab: tokens,
    lowercase,
    stripAccents,
    handleChineseChars,
    cleanText,
    continuingSubwordPrefix,
  });
  tokenizer.addSpecialTokens(specialTokens);
  return tokenizer;
}
