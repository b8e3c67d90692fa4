import { type AddedToken, type AddedTokenInput, completeToken } from './added-tokens/added-token.js';
import { AddedVocabulary } from './added-tokens/added-vocabulary.js';
import { type Decoder, decoderStream, decodeTokens } from './decoders/decoder.js';
import { Encoding } from './encoding/encoding.js';
import { readTextInputs, readWordsInputs, type TextInput, type WordsInput } from './encoding/inputs.js';
import {
  type DecodeOptions,
  type EncodeIdsOptions,
  type EncodeOptions,
  type EncodeWordsOptions,
  type EncodingDefaults,
  type EncodingOptions,
  type EncodingPlan,
  planEncoding,
  readIdsOptions,
  skipsSpecialTokens,
} from './encoding/options.js';
import { type Padding, pad, writePadding } from './encoding/padding.js';
import { inOneWord } from './encoding/segment.js';
import type { TokenSource } from './encoding/token-run.js';
import { room, type TruncationOptions, truncate, writeTruncation } from './encoding/truncation.js';
import { TokenizerError } from './errors.js';
import type { FastEncoderOf } from './fast/fast-encoder-of.js';
import type { JsonObject } from './json/fields.js';
import { writeKept } from './json/kept.js';
import type { Model } from './models/model.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { checkList, checkText, checkTexts, invalidInput } from './options.js';
import { TextPipeline } from './pipeline.js';
import { type PostProcessor, postProcess } from './post-processors/post-processor.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';

/** The parts a tokenizer is put together from. */
export interface TokenizerParts {
  model: Model;
  normalizer?: Normalizer;
  preTokenizer?: PreTokenizer;
  postProcessor?: PostProcessor;
  decoder?: Decoder;
  addedTokens?: Iterable<AddedToken>;
  /** What `encode` does where its options do not say. */
  truncation?: Required<TruncationOptions>;
  padding?: Padding;
}

/** Decodes ids as they come. */
export interface DecodeStream {
  /** The text that is certain after this id; '' where a character is still incomplete. */
  push(id: number): string;
  /** What is left; incomplete characters become U+FFFD. */
  end(): string;
}

/** Texts with their pairs, and what to do with them. */
export interface BatchPlan {
  readonly inputs: readonly (readonly [text: string, pair: string | undefined])[];
  readonly plan: EncodingPlan;
}

/** A text or its words. */
type Sequence = string | readonly string[];

const NO_OPTIONS = {};

/** A tokenizer that is put together from parts; `Tokenizer` reads them from tokenizer.json as well. */
export class TokenizerCore {
  readonly model: Model;
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly postProcessor: PostProcessor | undefined;
  readonly decoder: Decoder | undefined;
  /** Defaults of `encode`. */
  readonly truncation: Required<TruncationOptions> | undefined;
  readonly padding: Padding | undefined;
  readonly #added: AddedVocabulary;
  readonly #pipeline: TextPipeline;
  readonly #defaults: EncodingDefaults;
  readonly #plan: EncodingPlan;
  #version = 0;
  /** The text of tokens in encodings, where it is not another part of the text given. */
  readonly #tokenOf = (id: number): string | undefined => this.model.vocabulary.token(id) ?? this.#added.content(id);

  /** `fast`: what finds a faster way for some parts; all of them work without. */
  constructor(parts: TokenizerParts, fast?: FastEncoderOf) {
    this.model = parts.model;
    this.normalizer = parts.normalizer;
    this.preTokenizer = parts.preTokenizer;
    this.postProcessor = parts.postProcessor;
    this.decoder = parts.decoder;
    this.truncation = parts.truncation;
    this.padding = parts.padding;
    this.#added = new AddedVocabulary(this.model.vocabulary, this.normalizer);
    this.#added.add(parts.addedTokens ?? []);
    this.#pipeline = new TextPipeline(parts, this.#added, fast);
    const { truncation, padding } = this;
    this.#defaults = { truncation, padding, padId: (token) => this.#padId(token) };
    this.#plan = planEncoding(NO_OPTIONS, '', this.#defaults);
  }

  /** The content of a tokenizer.json, as the Rust library reads it. */
  toJSON(): JsonObject {
    return {
      version: '1.0',
      truncation: writeKept(this.truncation, writeTruncation),
      padding: writeKept(this.padding, writePadding),
      added_tokens: this.#added.toJSON(),
      normalizer: writeKept(this.normalizer, (component) => component.toJSON()),
      pre_tokenizer: writeKept(this.preTokenizer, (component) => component.toJSON()),
      post_processor: writeKept(this.postProcessor, (component) => component.toJSON()),
      decoder: writeKept(this.decoder, (component) => component.toJSON()),
      model: this.model.toJSON(),
    };
  }

  /**
   * A text, or with `pair` two.
   * @throws TokenizerError `TOKENIZER_INPUT_INVALID` where the text is no string, `TOKENIZER_OPTION_UNKNOWN`,
   * `TOKENIZER_OPTION_INVALID`, `TOKENIZER_TRUNCATION_IMPOSSIBLE`, or `TOKENIZER_UNK_MISSING`
   */
  encode(text: string, options: EncodeOptions = NO_OPTIONS): Encoding {
    checkText(text, 'encode: the text');
    const plan = this.#read(options, 'pair');
    if (options.pair !== undefined) checkText(options.pair, 'encode: pair');
    return this.#encodeOne(text, options.pair, plan);
  }

  /**
   * Every text by itself, padded to one length where padding is asked for. A text may bring its pair; one that does not
   * has the pair of the options, if there is one.
   * @throws TokenizerError as `encode`, with the number of the text
   */
  encodeBatch(texts: readonly TextInput[], options: EncodeOptions = NO_OPTIONS): Encoding[] {
    const plan = this.#read(options, 'pair');
    return this.#encodeAll(readTextInputs(texts, options.pair), plan);
  }

  /** @internal Looks through what `encodeBatch` was given, for those who have the texts tokenized elsewhere. */
  planBatch(texts: readonly TextInput[], options: EncodeOptions): BatchPlan {
    const plan = this.#read(options, 'pair');
    const inputs = readTextInputs(texts, options.pair);
    for (const [, pair] of inputs) this.#room(plan, pair !== undefined);
    return { inputs, plan };
  }

  /** @internal A text's tokens before truncation and post-processing. */
  tokenize(text: string, plainSpecial: boolean): Encoding {
    return this.#withSpecial(plainSpecial, () => this.#pipeline.encode(text, 0, this.#tokenOf));
  }

  /** @internal What `encodeBatch` gives, from the tokens of all texts, each followed by those of its pair. */
  finishBatch({ inputs, plan }: BatchPlan, tokens: Iterator<TokenSource>): Encoding[] {
    const next = (typeId: 0 | 1) => Encoding.fromTokens(tokens.next().value as TokenSource, typeId, this.#tokenOf);
    const encodings = inputs.map(([, pair]) => {
      const first = next(0);
      return this.#finish(pair === undefined ? [first] : [first, next(1)], plan);
    });
    return plan.padding === undefined ? encodings : pad(encodings, plan.padding);
  }

  /** @internal Changes whenever tokens are added. */
  get version(): number {
    return this.#version;
  }

  /**
   * A text that was divided into words: word ids count these, offsets are relative to each.
   * @throws TokenizerError as `encode`
   */
  encodeWords(words: readonly string[], options: EncodeWordsOptions = NO_OPTIONS): Encoding {
    checkTexts(words, 'encodeWords: the words');
    const plan = this.#read(options, 'pairWords');
    if (options.pairWords !== undefined) checkTexts(options.pairWords, 'encodeWords: pairWords');
    return this.#encodeOne(words, options.pairWords, plan);
  }

  /** Texts as words, each perhaps with its pair. @throws TokenizerError as `encode`, with the number of the text */
  encodeWordsBatch(inputs: readonly WordsInput[], options: EncodeWordsOptions = NO_OPTIONS): Encoding[] {
    const plan = this.#read(options, 'pairWords');
    return this.#encodeAll(readWordsInputs(inputs, options.pairWords), plan);
  }

  /**
   * The ids that `encode(text, { addSpecialTokens: false })` gives without truncation and padding, faster.
   * @throws TokenizerError `TOKENIZER_INPUT_INVALID`, `TOKENIZER_OPTION_UNKNOWN`, `TOKENIZER_OPTION_INVALID`, `TOKENIZER_UNK_MISSING`
   */
  encodeIds(text: string, options: EncodeIdsOptions = NO_OPTIONS): Int32Array {
    checkText(text, 'encodeIds: the text');
    return this.#withSpecial(options !== NO_OPTIONS && readIdsOptions(options), () => this.#pipeline.ids(text));
  }

  /** The ids of every text, as `encodeIds` gives them. */
  encodeIdsBatch(texts: readonly string[], options: EncodeIdsOptions = NO_OPTIONS): Int32Array[] {
    checkTexts(texts, 'encodeIdsBatch: the texts');
    return this.#withSpecial(options !== NO_OPTIONS && readIdsOptions(options), () =>
      texts.map((text) => this.#pipeline.ids(text)),
    );
  }

  /**
   * Text of the ids; ids that are no token are left out, as the Rust library does.
   * @throws TokenizerError `TOKENIZER_INPUT_INVALID` where `ids` is no array of numbers; `TOKENIZER_DECODING_IMPOSSIBLE`
   */
  decode(ids: ArrayLike<number>, options: DecodeOptions = NO_OPTIONS): string {
    if (typeof ids?.length !== 'number') throw invalidInput('decode: the ids', 'an array', ids);
    const skip = skipsSpecialTokens(options);
    const tokens: string[] = [];
    for (let i = 0; i < ids.length; i++) {
      const token = this.#decodable(ids[i], skip, i);
      if (token !== undefined) tokens.push(token);
    }
    return decodeTokens(this.decoder, tokens);
  }

  /** The text of every list of ids. */
  decodeBatch(lists: readonly ArrayLike<number>[], options: DecodeOptions = NO_OPTIONS): string[] {
    checkList(lists, 'decodeBatch: the lists');
    return lists.map((ids) => this.decode(ids, options));
  }

  /** What it gives, put together, is what `decode` gives for all ids; half a character is never given. */
  decodeStream(options: DecodeOptions = NO_OPTIONS): DecodeStream {
    const skip = skipsSpecialTokens(options);
    const stream = decoderStream(this.decoder);
    return {
      push: (id) => {
        const token = this.#decodable(id, skip);
        return token === undefined ? '' : stream.push(token);
      },
      end: () => stream.end(),
    };
  }

  /** The id of a token, added ones included; undefined where there is none. */
  tokenToId(token: string): number | undefined {
    return this.#added.id(token) ?? this.model.vocabulary.id(token);
  }

  /** The token of an id as the vocabulary spells it (`Ġthe`, `##s`); undefined where there is none. */
  idToToken(id: number): string | undefined {
    return this.#added.token(id) ?? this.model.vocabulary.token(id);
  }

  /** Number of tokens, added ones included. (Where ids have holes, the highest id is larger.) */
  get vocabSize(): number {
    let size = this.model.vocabulary.size;
    for (const [, token] of this.#added.entries()) {
      if (this.model.vocabulary.id(token.content) === undefined) size++;
    }
    return size;
  }

  /** All tokens, added ones included. */
  vocab(): Map<string, number> {
    const all = new Map(this.model.vocabulary.entries());
    for (const [id, token] of this.#added.entries()) all.set(token.content, id);
    return all;
  }

  /** The added tokens by id. */
  addedTokens(): Map<number, AddedToken> {
    return new Map(this.#added.entries());
  }

  /**
   * Adds tokens to be found in texts; returns how many were new or changed.
   * @throws TokenizerError `TOKENIZER_OPTION_UNKNOWN` or `TOKENIZER_OPTION_INVALID`
   */
  addTokens(tokens: Iterable<AddedTokenInput>): number {
    return this.#add(tokens, false);
  }

  /** The same for special tokens, which `decode` can leave out. */
  addSpecialTokens(tokens: Iterable<AddedTokenInput>): number {
    return this.#add(tokens, true);
  }

  /** The token to decode, or undefined where there is none or it is left out. */
  #decodable(id: number, skipSpecial: boolean, place?: number): string | undefined {
    if (typeof id !== 'number')
      throw invalidInput(`decode: id${place === undefined ? '' : ` ${place}`}`, 'a number', id);
    const token = this.idToToken(id);
    return token !== undefined && skipSpecial && this.#added.isSpecial(token) ? undefined : token;
  }

  #add(tokens: Iterable<AddedTokenInput>, special: boolean): number {
    this.#version++;
    return this.#added.add(Array.from(tokens, (token) => completeToken(token, special)));
  }

  #read(options: EncodingOptions, own: string): EncodingPlan {
    return options === NO_OPTIONS ? this.#plan : planEncoding(options, own, this.#defaults);
  }

  #encodeOne(sequence: Sequence, pair: Sequence | undefined, plan: EncodingPlan): Encoding {
    const encoding = this.#encodeUnpadded(sequence, pair, plan);
    return plan.padding === undefined ? encoding : pad([encoding], plan.padding)[0];
  }

  #encodeAll(inputs: readonly (readonly [Sequence, Sequence | undefined])[], plan: EncodingPlan): Encoding[] {
    const encodings = inputs.map(([sequence, pair]) => this.#encodeUnpadded(sequence, pair, plan));
    return plan.padding === undefined ? encodings : pad(encodings, plan.padding);
  }

  #encodeUnpadded(sequence: Sequence, pair: Sequence | undefined, plan: EncodingPlan): Encoding {
    this.#room(plan, pair !== undefined);
    const encodings = this.#withSpecial(plan.encodeSpecialTokens, () => {
      const first = this.#encodeSequence(sequence, 0);
      return pair === undefined ? [first] : [first, this.#encodeSequence(pair, 1)];
    });
    return this.#finish(encodings, plan);
  }

  /** How many tokens of the texts fit; undefined where there is no limit. */
  #room({ truncation, addSpecialTokens }: EncodingPlan, isPair: boolean): number | undefined {
    if (truncation === undefined) return undefined;
    return room(truncation, addSpecialTokens ? (this.postProcessor?.addedTokens(isPair) ?? 0) : 0);
  }

  #finish(encodings: Encoding[], plan: EncodingPlan): Encoding {
    const most = this.#room(plan, encodings.length > 1);
    const cut = most === undefined ? encodings : truncate(encodings, most, plan.truncation!);
    return postProcess(this.postProcessor, cut, plan.addSpecialTokens);
  }

  #encodeSequence(sequence: Sequence, typeId: 0 | 1): Encoding {
    if (typeof sequence === 'string') return this.#pipeline.encode(sequence, typeId, this.#tokenOf);
    const words = sequence.map((word, i) => inOneWord(this.#pipeline.encode(word, typeId, this.#tokenOf).segments, i));
    return new Encoding(words.flat(), this.#tokenOf);
  }

  #withSpecial<T>(plain: boolean, work: () => T): T {
    return plain ? this.#added.withPlainSpecial(work) : work();
  }

  #padId(token: string): number {
    const id = this.tokenToId(token);
    if (id !== undefined) return id;
    const message = `padding: the pad token "${token}" is not in the vocabulary; give padding.id and padding.token.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
}
