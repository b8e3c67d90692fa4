import { TokenizerError } from '../errors.js';
import type { JsonObject } from '../json/fields.js';
import { checkOptions } from '../options.js';
import { bertTemplate } from '../post-processors/bert.js';
import type { Tokenizer } from '../tokenizer.js';
import { checkSpecialTokens, MERGE_OPTIONS, type TrainingOptions } from './options.js';
import { trainTokenizer } from './train.js';
import type { Corpus } from './word-counter.js';

export interface WordPieceTrainingOptions extends TrainingOptions {
  /** True by default. */
  lowercase?: boolean;
  /** Follows `lowercase` by default. */
  stripAccents?: boolean;
  /** True by default. */
  handleChineseChars?: boolean;
  /** True by default. */
  cleanText?: boolean;
}

const OPTIONS = [...MERGE_OPTIONS, 'lowercase', 'stripAccents', 'handleChineseChars', 'cleanText'];

const SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/**
 * Learns a BERT tokenizer: merges with a continuing prefix, whose symbols become WordPiece's vocabulary (as the Rust
 * library does it). `specialTokens` default to BERT's five and must include [UNK], [CLS] and [SEP]; `limitAlphabet`
 * defaults to 1,000, `minFrequency` to 2.
 */
export async function trainWordPiece(corpus: Corpus, options: WordPieceTrainingOptions = {}): Promise<Tokenizer> {
  checkOptions(options, OPTIONS, 'trainWordPiece');
  const { lowercase = true, stripAccents, handleChineseChars = true, cleanText = true, ...rest } = options;
  const specialTokens = options.specialTokens ?? SPECIAL_TOKENS;
  const present = checkSpecialTokens(specialTokens).map(({ content }) => content);
  const missing = ['[UNK]', '[CLS]', '[SEP]'].filter((token) => !present.includes(token));
  if (missing.length > 0) {
    const message = `trainWordPiece: specialTokens must include ${missing.join(', ')}.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  const normalizer: JsonObject = {
    type: 'BertNormalizer',
    clean_text: cleanText,
    handle_chinese_chars: handleChineseChars,
    strip_accents: stripAccents ?? null,
    lowercase,
  };
  return trainTokenizer(corpus, {
    minFrequency: 2,
    limitAlphabet: 1000,
    ...rest,
    model: 'wordpiece',
    specialTokens,
    normalizer,
    preTokenizer: { type: 'BertPreTokenizer' },
    postProcessor: bertTemplate(['[SEP]', 0], ['[CLS]', 0]),
    decoder: { type: 'WordPiece', prefix: options.continuingSubwordPrefix ?? '##', cleanup: true },
  });
}
