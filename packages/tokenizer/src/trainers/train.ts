import type { AddedTokenInput } from '../added-tokens/added-token.js';
import type { Decoder } from '../decoders/decoder.js';
import { readDecoder } from '../decoders/from-json.js';
import { TokenizerError } from '../errors.js';
import { isObject, type Json, type JsonObject, strictly } from '../json/fields.js';
import { readNormalizer } from '../normalizers/from-json.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { checkChoice, checkOptions } from '../options.js';
import { readPostProcessor } from '../post-processors/from-json.js';
import type { PostProcessor } from '../post-processors/post-processor.js';
import { readPreTokenizer } from '../pre-tokenizers/from-json.js';
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.js';
import { Tokenizer } from '../tokenizer.js';
import {
  MODEL_TRAINERS,
  type ModelTrainer,
  type TokenizerModelKind,
  type TokenizerModelOptions,
} from './model-trainers.js';
import {
  checkSpecialTokens,
  type TrainingOptions,
  type UnigramTrainingOptions,
  type WordLevelTrainingOptions,
} from './options.js';
import { Pacer } from './pacer.js';
import { fillTokenIds } from './token-ids.js';
import { type Corpus, countWords } from './word-counter.js';
import { wordSplitter } from './word-splitter.js';

/** A component, or what tokenizer.json says of it; null for none. */
export type ComponentInput<T> = T | JsonObject | null;

/** What stands around the model. */
export interface PipelineOptions {
  /** None by default. */
  normalizer?: ComponentInput<Normalizer>;
  /** None by default: every text is one word. */
  preTokenizer?: ComponentInput<PreTokenizer>;
  /** None by default. Ids of tokens that it names are filled in. */
  postProcessor?: ComponentInput<PostProcessor>;
  /** None by default. */
  decoder?: ComponentInput<Decoder>;
  /** What the model is made with, beyond what is learnt. */
  modelOptions?: TokenizerModelOptions;
}

export type TokenizerTrainingOptions = PipelineOptions &
  (
    | ({ model: 'bpe' | 'wordpiece' } & TrainingOptions)
    | ({ model: 'unigram' } & UnigramTrainingOptions)
    | ({ model: 'wordlevel' } & WordLevelTrainingOptions)
  );

const PIPELINE = ['model', 'normalizer', 'preTokenizer', 'postProcessor', 'decoder', 'modelOptions'];

function toJson(component: ComponentInput<{ toJSON(): JsonObject }> | undefined, what: string): JsonObject | null {
  if (component == null) return null;
  if (!isObject(component)) {
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', `${what} must be a component or its JSON.`);
  }
  const { toJSON } = component as { toJSON?: () => JsonObject };
  return typeof toJSON === 'function' ? toJSON.call(component) : (component as JsonObject);
}

/** A tokenizer.json that has yet to be given its model. */
export interface Frame {
  normalizer: Json;
  pre_tokenizer: Json;
  post_processor: Json;
  decoder: Json;
  truncation?: Json;
  padding?: Json;
}

/** Reads every component once, so that what is wrong with one shows before the training instead of after it. */
function checkFrame(frame: Frame): void {
  readNormalizer(frame.normalizer);
  readPreTokenizer(frame.pre_tokenizer);
  readPostProcessor(fillTokenIds(frame.post_processor, () => 0));
  readDecoder(frame.decoder);
}

/** The ids that the trained tokens will have, found where they are asked for. */
function idsOf(parts: JsonObject, specialTokens: AddedTokenInput[]): (token: string) => number | undefined {
  let tokenizer: Tokenizer | undefined;
  return (token) => {
    if (tokenizer === undefined) {
      tokenizer = Tokenizer.fromJSON({ version: '1.0', ...parts, added_tokens: [] });
      tokenizer.addSpecialTokens(specialTokens);
    }
    return tokenizer.tokenToId(token);
  };
}

/** Counts words, learns the model and puts the tokenizer together. The event loop gets its turn throughout. */
export async function trainFrame(
  corpus: Corpus,
  frame: Frame,
  trainer: ModelTrainer,
  options: TrainingOptions,
): Promise<Tokenizer> {
  const specialTokens = checkSpecialTokens(options.specialTokens);
  const splitter = wordSplitter(readNormalizer(frame.normalizer), readPreTokenizer(frame.pre_tokenizer));
  const pacer = new Pacer(options.signal);
  const report = (done: number) => options.onProgress?.({ stage: 'count', done });
  const words = await countWords(corpus, splitter, pacer, report);
  const model = await trainer(words, pacer);
  const { normalizer, pre_tokenizer, decoder } = frame;
  const inputs = specialTokens.map(({ special: _, ...token }): AddedTokenInput => token);
  const id = idsOf({ normalizer, pre_tokenizer, model }, inputs);
  await pacer.pause();
  const padding = fillTokenIds(frame.padding ?? null, id);
  const post_processor = fillTokenIds(frame.post_processor, id);
  await pacer.pause();
  const tokenizer = Tokenizer.fromJSON({
    version: '1.0',
    truncation: frame.truncation ?? null,
    padding,
    normalizer,
    pre_tokenizer,
    post_processor,
    decoder,
    model,
    added_tokens: [],
  });
  tokenizer.addSpecialTokens(inputs);
  return tokenizer;
}

/**
 * Learns a tokenizer from a corpus. The vocabulary, the merges, their order and the ids are those of the Rust library's
 * trainers on the same texts, and depend neither on the order of the texts nor on the run; options and their defaults are
 * those of its builders. `normalizer`, `preTokenizer`, `postProcessor` and `decoder` are none unless they are given.
 * @throws TokenizerError `TOKENIZER_OPTION_UNKNOWN`, `TOKENIZER_OPTION_INVALID`, or what reading a component throws.
 */
export async function trainTokenizer(corpus: Corpus, options: TokenizerTrainingOptions): Promise<Tokenizer> {
  if (!isObject(options)) {
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', 'trainTokenizer: name the model, { model: "bpe" }.');
  }
  const kind: TokenizerModelKind = checkChoice(options.model, [...MODEL_TRAINERS.keys()], 'model');
  const { known, trainer } = MODEL_TRAINERS.get(kind)!;
  checkOptions(options, [...PIPELINE, ...known], 'trainTokenizer');
  const frame = {
    normalizer: toJson(options.normalizer, 'normalizer'),
    pre_tokenizer: toJson(options.preTokenizer, 'preTokenizer'),
    post_processor: toJson(options.postProcessor, 'postProcessor'),
    decoder: toJson(options.decoder, 'decoder'),
  };
  strictly(() => checkFrame(frame));
  return trainFrame(corpus, frame, trainer(options, options.modelOptions ?? {}), options);
}
