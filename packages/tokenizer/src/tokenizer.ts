import { type AddedToken, type AddedTokenInput, completeToken, readAddedToken } from './added-tokens/added-token.js';
import { AddedVocabulary } from './added-tokens/added-vocabulary.js';
import { type Decoder, type DecoderStream, spacedStream } from './decoders/decoder.js';
import { readDecoder } from './decoders/from-json.js';
import type { Encoding } from './encoding/encoding.js';
import { checkPadding, type Padding, type PaddingOptions, pad, readPadding, writePadding } from './encoding/padding.js';
import {
  checkTruncation,
  readTruncation,
  type TruncationOptions,
  truncate,
  writeTruncation,
} from './encoding/truncation.js';
import { TokenizerError } from './errors.js';
import { Fields, type Json, type JsonObject, malformed } from './json/fields.js';
import { readModel } from './models/from-json.js';
import type { Model } from './models/model.js';
import { readNormalizer } from './normalizers/from-json.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { checkOptions } from './options.js';
import { TextPipeline } from './pipeline.js';
import { readPostProcessor } from './post-processors/from-json.js';
import { join, type PostProcessor } from './post-processors/post-processor.js';
import { readPreTokenizer } from './pre-tokenizers/from-json.js';
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

export interface EncodeOptions {
  /** A second text. */
  pair?: string;
  /** Whether the post-processor puts its special tokens in; true by default. */
  addSpecialTokens?: boolean;
  /** null: none, even where the tokenizer has a default. */
  truncation?: TruncationOptions | null;
  /** null: none, even where the tokenizer has a default. */
  padding?: PaddingOptions | null;
}

export interface DecodeOptions {
  /** Leave special tokens out; true by default. */
  skipSpecialTokens?: boolean;
}

/** Decodes ids as they come. */
export interface DecodeStream {
  /** The text that is certain after this id; '' where a character is still incomplete. */
  push(id: number): string;
  /** What is left; incomplete characters become U+FFFD. */
  end(): string;
}

const ENCODE_OPTIONS = ['pair', 'addSpecialTokens', 'truncation', 'padding'];

/** Text to ids and back. Safe to share; only `addTokens` and `addSpecialTokens` change it. */
export class Tokenizer {
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
  readonly #tokenOf = (id: number): string | undefined => this.idToToken(id);

  constructor(parts: TokenizerParts) {
    this.model = parts.model;
    this.normalizer = parts.normalizer;
    this.preTokenizer = parts.preTokenizer;
    this.postProcessor = parts.postProcessor;
    this.decoder = parts.decoder;
    this.truncation = parts.truncation;
    this.padding = parts.padding;
    this.#added = new AddedVocabulary(this.model.vocabulary, this.normalizer);
    this.#added.add(parts.addedTokens ?? []);
    this.#pipeline = new TextPipeline(parts, this.#added);
  }

  /**
   * From the content of a tokenizer.json.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where it asks for something
   * this package does not do: nothing is ignored.
   */
  static fromJSON(json: string | object): Tokenizer {
    const fields = new Fields(typeof json === 'string' ? parse(json) : json, 'tokenizer.json');
    const version = fields.get('version') ?? '1.0';
    if (version !== '1.0') throw malformed('version', `expected "1.0", found ${JSON.stringify(version)}`);
    const added = ((fields.get('added_tokens') ?? []) as Json[]).map((token, i) =>
      readAddedToken(token, `added_tokens[${i}]`),
    );
    const tokenizer = new Tokenizer({
      truncation: readTruncation(fields.get('truncation')),
      padding: readPadding(fields.get('padding')),
      normalizer: readNormalizer(fields.get('normalizer')),
      preTokenizer: readPreTokenizer(fields.get('pre_tokenizer')),
      postProcessor: readPostProcessor(fields.get('post_processor')),
      decoder: readDecoder(fields.get('decoder')),
      model: readModel(fields.get('model')),
      addedTokens: added.map(({ token }) => token),
    });
    fields.done();
    for (const { id, token } of added) {
      const given = tokenizer.tokenToId(token.content);
      if (given !== id) throw malformed('added_tokens', `"${token.content}" has the id ${id}, but would be ${given}`);
    }
    return tokenizer;
  }

  /** The content of a tokenizer.json, as the Rust library reads it. */
  toJSON(): JsonObject {
    return {
      version: '1.0',
      truncation: this.truncation === undefined ? null : writeTruncation(this.truncation),
      padding: this.padding === undefined ? null : writePadding(this.padding),
      added_tokens: this.#added.toJSON(),
      normalizer: this.normalizer?.toJSON() ?? null,
      pre_tokenizer: this.preTokenizer?.toJSON() ?? null,
      post_processor: this.postProcessor?.toJSON() ?? null,
      decoder: this.decoder?.toJSON() ?? null,
      model: this.model.toJSON(),
    };
  }

  encode(text: string, options: EncodeOptions = {}): Encoding {
    return this.encodeBatch([text], options)[0];
  }

  /** Every text by itself (with the same pair, if one is given), padded to one length where padding is asked for. */
  encodeBatch(texts: readonly string[], options: EncodeOptions = {}): Encoding[] {
    checkOptions(options, ENCODE_OPTIONS, 'encode');
    const truncation = options.truncation === undefined ? this.truncation : options.truncation;
    const padding = options.padding === undefined ? this.padding : options.padding;
    const checked = truncation == null ? undefined : checkTruncation(truncation);
    const encodings = texts.map((text) => this.#encodeOne(text, options, checked));
    return padding == null
      ? encodings
      : pad(
          encodings,
          checkPadding(padding, (token) => this.#padId(token)),
        );
  }

  /** The ids that `encode(text, { addSpecialTokens: false })` gives without truncation and padding, faster. */
  encodeIds(text: string): Int32Array {
    return this.#pipeline.ids(text);
  }

  /** Text of the ids; ids that are no token are left out, as the Rust library does. */
  decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    const stream = this.decodeStream(options);
    const parts: string[] = [];
    for (let i = 0; i < ids.length; i++) parts.push(stream.push(ids[i]));
    parts.push(stream.end());
    return parts.join('');
  }

  /** What it gives, put together, is what `decode` gives for all ids; half a character is never given. */
  decodeStream(options: DecodeOptions = {}): DecodeStream {
    checkOptions(options, ['skipSpecialTokens'], 'decode');
    const skip = options.skipSpecialTokens ?? true;
    const stream: DecoderStream = this.decoder?.stream() ?? spacedStream();
    return {
      push: (id) => {
        const token = skip && this.#added.get(id)?.special ? undefined : this.idToToken(id);
        return token === undefined ? '' : stream.push(token);
      },
      end: () => stream.end(),
    };
  }

  tokenToId(token: string): number | undefined {
    return this.#added.id(token) ?? this.model.vocabulary.id(token);
  }

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

  /** Adds tokens to be found in texts; returns how many were new or changed. */
  addTokens(tokens: Iterable<AddedTokenInput>): number {
    return this.#added.add([...tokens].map((token) => completeToken(token, false)));
  }

  /** The same for special tokens, which `decode` can leave out. */
  addSpecialTokens(tokens: Iterable<AddedTokenInput>): number {
    return this.#added.add([...tokens].map((token) => completeToken(token, true)));
  }

  #encodeOne(text: string, options: EncodeOptions, truncation: Required<TruncationOptions> | undefined): Encoding {
    const { pair, addSpecialTokens = true } = options;
    let encodings = [this.#pipeline.encode(text, 0, this.#tokenOf)];
    if (pair !== undefined) encodings.push(this.#pipeline.encode(pair, 1, this.#tokenOf));
    if (truncation !== undefined) {
      const reserved = addSpecialTokens ? (this.postProcessor?.addedTokens(pair !== undefined) ?? 0) : 0;
      const most = truncation.maxLength - reserved;
      if (most < 0) {
        const message = `truncation.maxLength ${truncation.maxLength} leaves no room for the ${reserved} special tokens.`;
        throw new TokenizerError('TOKENIZER_TRUNCATION_IMPOSSIBLE', message);
      }
      encodings = truncate(encodings, most, truncation);
    }
    return this.postProcessor?.process(encodings, addSpecialTokens) ?? join(encodings);
  }

  #padId(token: string): number {
    const id = this.tokenToId(token);
    if (id !== undefined) return id;
    const message = `padding: the pad token "${token}" is not in the vocabulary; give padding.id and padding.token.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new TokenizerError('TOKENIZER_JSON_MALFORMED', `tokenizer.json is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
