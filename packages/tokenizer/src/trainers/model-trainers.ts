import type { JsonObject } from '../json/fields.js';
import { checkOptions } from '../options.js';
import {
  MERGE_OPTIONS,
  type TrainingOptions,
  UNIGRAM_OPTIONS,
  type UnigramTrainingOptions,
  WORD_LEVEL_OPTIONS,
  type WordLevelTrainingOptions,
} from './options.js';
import type { Pacer } from './pacer.js';
import { mergeTraining } from './train-merges.js';
import { unigramTraining } from './unigram.js';
import { wordLevelTraining } from './word-level.js';
import type { CountedWords } from './word-table.js';

export type TokenizerModelKind = 'bpe' | 'wordpiece' | 'unigram' | 'wordlevel';

/** What a model is made with, beyond what is learnt. Which of these a model takes, its reader in tokenizer.json says. */
export interface TokenizerModelOptions {
  /** BPE none, WordPiece `[UNK]`, WordLevel `<unk>` by default. Unigram's is an option of its trainer. */
  unkToken?: string;
  /** BPE: neighbouring unknown characters are one unknown token; false by default. */
  fuseUnk?: boolean;
  /** BPE, Unigram: what is unknown becomes tokens of its bytes, where the vocabulary has them; false by default. */
  byteFallback?: boolean;
  /** BPE: words that are tokens are not put together from merges; false by default. */
  ignoreMerges?: boolean;
  /** BPE: share of the merges to leave out at random; none by default. */
  dropout?: number;
  /** WordPiece: longer words are unknown; 100 by default. */
  maxInputCharsPerWord?: number;
}

/** Learns a model, as tokenizer.json writes it. */
export type ModelTrainer = (words: CountedWords, pacer: Pacer) => Promise<JsonObject>;

type AnyOptions = TrainingOptions & WordLevelTrainingOptions & UnigramTrainingOptions;

interface ModelTraining {
  /** Options of the trainer. */
  known: readonly string[];
  /** Checks the options. */
  trainer: (options: AnyOptions, model: TokenizerModelOptions) => ModelTrainer;
}

function ids(tokens: readonly string[]): JsonObject {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

function bpe(options: AnyOptions, model: TokenizerModelOptions): ModelTrainer {
  checkOptions(model, ['unkToken', 'fuseUnk', 'byteFallback', 'ignoreMerges', 'dropout'], 'modelOptions');
  const train = mergeTraining(options, '');
  return async (words, pacer) => {
    const { tokens, merges } = await train(words, pacer);
    return {
      type: 'BPE',
      dropout: model.dropout ?? null,
      unk_token: model.unkToken ?? null,
      continuing_subword_prefix: options.continuingSubwordPrefix ?? null,
      end_of_word_suffix: options.endOfWordSuffix ?? null,
      fuse_unk: model.fuseUnk ?? false,
      byte_fallback: model.byteFallback ?? false,
      ignore_merges: model.ignoreMerges ?? false,
      vocab: ids(tokens),
      merges,
    };
  };
}

function wordPiece(options: AnyOptions, model: TokenizerModelOptions): ModelTrainer {
  checkOptions(model, ['unkToken', 'maxInputCharsPerWord'], 'modelOptions');
  const train = mergeTraining(options, '##');
  return async (words, pacer) => {
    const { tokens } = await train(words, pacer);
    return {
      type: 'WordPiece',
      unk_token: model.unkToken ?? '[UNK]',
      continuing_subword_prefix: options.continuingSubwordPrefix ?? '##',
      max_input_chars_per_word: model.maxInputCharsPerWord ?? 100,
      vocab: ids(tokens),
    };
  };
}

function wordLevel(options: AnyOptions, model: TokenizerModelOptions): ModelTrainer {
  checkOptions(model, ['unkToken'], 'modelOptions');
  const train = wordLevelTraining(options);
  return async (words, pacer) => ({
    type: 'WordLevel',
    vocab: Object.fromEntries(await train(words, pacer)),
    unk_token: model.unkToken ?? '<unk>',
  });
}

function unigram(options: AnyOptions, model: TokenizerModelOptions): ModelTrainer {
  checkOptions(model, ['byteFallback'], 'modelOptions');
  const train = unigramTraining(options);
  return async (words, pacer) => {
    const { vocab, unkId } = await train(words, pacer);
    return { type: 'Unigram', unk_id: unkId, vocab, byte_fallback: model.byteFallback ?? false };
  };
}

export const MODEL_TRAINERS: ReadonlyMap<TokenizerModelKind, ModelTraining> = /* @__PURE__ */ new Map<
  TokenizerModelKind,
  ModelTraining
>([
  ['bpe', { known: MERGE_OPTIONS, trainer: bpe }],
  ['wordpiece', { known: MERGE_OPTIONS, trainer: wordPiece }],
  ['unigram', { known: UNIGRAM_OPTIONS, trainer: unigram }],
  ['wordlevel', { known: WORD_LEVEL_OPTIONS, trainer: wordLevel }],
]);
