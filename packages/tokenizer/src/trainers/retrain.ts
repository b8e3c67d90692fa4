import type { AddedToken, AddedTokenInput } from '../added-tokens/added-token.js';
import { TokenizerError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/fields.js';
import { checkOptions } from '../options.js';
import { byteAlphabet } from '../text/byte-alphabet.js';
import type { Tokenizer } from '../tokenizer.js';
import { MODEL_TRAINERS, type TokenizerModelKind, type TokenizerModelOptions } from './model-trainers.js';
import type { TrainingOptions, UnigramTrainingOptions } from './options.js';
import { trainFrame } from './train.js';
import type { Corpus } from './word-counter.js';

/** Options of the trainer that belongs to the tokenizer's model; those that it does not take are refused. */
export interface RetrainingOptions
  extends Omit<TrainingOptions, 'specialTokens'>,
    Omit<UnigramTrainingOptions, 'specialTokens' | 'unkToken'> {
  /** As many tokens as the model has now by default. */
  vocabSize?: number;
  /** Come behind the special tokens that the tokenizer has. */
  newSpecialTokens?: readonly AddedTokenInput[];
  /** New names of special tokens, by their present ones. */
  specialTokensMap?: ReadonlyMap<string, string>;
}

const KINDS: ReadonlyMap<Json | undefined, TokenizerModelKind> = new Map<Json | undefined, TokenizerModelKind>([
  ['BPE', 'bpe'],
  ['WordPiece', 'wordpiece'],
  ['Unigram', 'unigram'],
  ['WordLevel', 'wordlevel'],
]);

function isByteLevel(preTokenizer: Json): boolean {
  if (!isObject(preTokenizer)) return false;
  if (preTokenizer.type === 'ByteLevel') return true;
  return Array.isArray(preTokenizer.pretokenizers) && preTokenizer.pretokenizers.some(isByteLevel);
}

/** The name of Unigram's unknown token, which its model knows by id. */
function unigramUnknown({ vocab, unk_id: id }: JsonObject): string | undefined {
  const entry = Array.isArray(vocab) && typeof id === 'number' ? vocab[id] : undefined;
  return Array.isArray(entry) && typeof entry[0] === 'string' ? entry[0] : undefined;
}

/** Leaves out what is null, for which there is a default. */
function given(options: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(Object.entries(options).filter((entry): entry is [string, Json] => entry[1] != null));
}

function modelOptions(kind: TokenizerModelKind, model: JsonObject, rename: (token: string) => string): JsonObject {
  const unkToken = typeof model.unk_token === 'string' ? rename(model.unk_token) : undefined;
  if (kind === 'unigram') return {};
  if (kind === 'wordlevel') return given({ unkToken });
  if (kind === 'wordpiece') return given({ unkToken, maxInputCharsPerWord: model.max_input_chars_per_word });
  return given({
    unkToken,
    fuseUnk: model.fuse_unk,
    byteFallback: model.byte_fallback,
    ignoreMerges: model.ignore_merges,
    dropout: model.dropout,
  });
}

/** What the trainer is to know of the present tokenizer. */
function inherited(kind: TokenizerModelKind, model: JsonObject, preTokenizer: Json, rename: (token: string) => string) {
  if (kind === 'wordlevel') return {};
  const initialAlphabet = isByteLevel(preTokenizer) ? byteAlphabet() : [];
  if (kind === 'unigram') {
    const unkToken = unigramUnknown(model);
    return unkToken === undefined ? { initialAlphabet } : { initialAlphabet, unkToken: rename(unkToken) };
  }
  const marks = given({
    continuingSubwordPrefix: model.continuing_subword_prefix,
    endOfWordSuffix: model.end_of_word_suffix,
  });
  return { initialAlphabet, ...marks };
}

function renamed(value: Json | undefined, rename: (token: string) => string): Json {
  if (typeof value === 'string') return rename(value);
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, rename));
  if (!isObject(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [rename(key), renamed(inner, rename)]));
}

/**
 * A tokenizer with the pipeline of the given one (normalizer, pre-tokenizer, post-processor, decoder, truncation, padding,
 * properties of the model) and a vocabulary learnt anew; special tokens stay, in the order of their ids, and with Unigram
 * all added tokens. This is what `train_new_from_iterator` of the `transformers` library does.
 * @throws TokenizerError as `trainTokenizer` does.
 */
export async function retrain(
  tokenizer: Tokenizer,
  corpus: Corpus,
  options: RetrainingOptions = {},
): Promise<Tokenizer> {
  const json = tokenizer.toJSON();
  const model = json.model as JsonObject;
  const kind = KINDS.get(model.type);
  if (kind === undefined) {
    const message = `retrain: there is no trainer for the model ${JSON.stringify(model.type)}.`;
    throw new TokenizerError('TOKENIZER_COMPONENT_UNSUPPORTED', message);
  }
  const { known, trainer } = MODEL_TRAINERS.get(kind)!;
  const allowed = known.filter((name) => name !== 'specialTokens' && name !== 'unkToken');
  checkOptions(options, [...allowed, 'newSpecialTokens', 'specialTokensMap'], 'retrain');
  const { newSpecialTokens = [], specialTokensMap = new Map<string, string>(), ...rest } = options;
  const rename = (token: string): string => specialTokensMap.get(token) ?? token;
  const kept: AddedTokenInput[] = [];
  for (const [, token] of [...tokenizer.addedTokens()].sort(([a], [b]) => a - b)) {
    if (token.special || kind === 'unigram') kept.push(asInput(token, rename));
  }
  const complete = {
    vocabSize: tokenizer.model.vocabulary.size,
    ...inherited(kind, model, json.pre_tokenizer, rename),
    ...rest,
    specialTokens: [...kept, ...newSpecialTokens],
  };
  const frame = {
    normalizer: json.normalizer,
    pre_tokenizer: json.pre_tokenizer,
    post_processor: specialTokensMap.size === 0 ? json.post_processor : renamed(json.post_processor, rename),
    decoder: json.decoder,
    truncation: json.truncation,
    padding: specialTokensMap.size === 0 ? json.padding : renamed(json.padding, rename),
  };
  const properties: TokenizerModelOptions = modelOptions(kind, model, rename);
  return trainFrame(corpus, frame, trainer(complete, properties), complete);
}

function asInput({ special: _, content, ...token }: AddedToken, rename: (token: string) => string): AddedTokenInput {
  return { ...token, content: rename(content) };
}
