import { readAddedToken } from './added-tokens/added-token.js';
import type { Decoder } from './decoders/decoder.js';
import { readPadding } from './encoding/padding.js';
import { readTruncation } from './encoding/truncation.js';
import { TokenizerError } from './errors.js';
import { checkDepth } from './json/depth.js';
import { Fields, type Json, malformed } from './json/fields.js';
import { readKept } from './json/kept.js';
import type { Model } from './models/model.js';
import type { Normalizer } from './normalizers/normalizer.js';
import type { PostProcessor } from './post-processors/post-processor.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';
import type { TokenizerParts } from './tokenizer-core.js';

/** Content of a tokenizer.json: its text, its bytes (UTF-8), or what JSON.parse makes of it. */
export type TokenizerJson = string | Uint8Array | object;

/** What reads each component; a bundle holds those readers only that it names. `undefined`: the component is null. */
export interface ComponentReaders {
  normalizer(json: Json | undefined): Normalizer | undefined;
  preTokenizer(json: Json | undefined): PreTokenizer | undefined;
  model(json: Json | undefined): Model;
  postProcessor(json: Json | undefined): PostProcessor | undefined;
  decoder(json: Json | undefined): Decoder | undefined;
}

/**
 * The parts that a tokenizer.json describes. As in the Rust library, added tokens are given ids in order after those of
 * the model; an id in the file that says otherwise has no effect.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, or `TOKENIZER_COMPONENT_UNSUPPORTED` where the file asks for something
 * that `readers` do not know. `parse` stands in for JSON.parse, which is slow at large files. Fields of a component that mean nothing are kept as they are, as many files have some; the
 * Rust library passes over them too.
 */
export function readTokenizer(
  json: TokenizerJson,
  readers: ComponentReaders,
  parse: (json: string | Uint8Array) => unknown = parseJson,
): TokenizerParts {
  const content = typeof json === 'string' || json instanceof Uint8Array ? parse(json) : json;
  const fields = new Fields(content, 'tokenizer.json');
  const version = fields.get('version') ?? '1.0';
  if (version !== '1.0') throw malformed('version', `expected "1.0", found ${JSON.stringify(version)}`);
  const component = (key: string): Json | undefined => {
    const value = fields.get(key);
    checkDepth(value, key);
    return value;
  };
  const added = fields.get('added_tokens') === undefined ? [] : fields.list('added_tokens');
  const parts: TokenizerParts = {
    truncation: readKept(fields.get('truncation'), readTruncation),
    padding: readKept(fields.get('padding'), readPadding),
    normalizer: readKept(component('normalizer'), readers.normalizer),
    preTokenizer: readKept(component('pre_tokenizer'), readers.preTokenizer),
    postProcessor: readKept(component('post_processor'), readers.postProcessor),
    decoder: readKept(component('decoder'), readers.decoder),
    model: readers.model(fields.get('model')),
    addedTokens: added.map((token, i) => readAddedToken(token, `added_tokens[${i}]`).token),
  };
  fields.refuseRest();
  return parts;
}

/** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where it is not JSON, or not UTF-8 */
export function parseJson(json: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch (cause) {
    const message = `tokenizer.json is not JSON: ${(cause as Error).message}`;
    throw new TokenizerError('TOKENIZER_JSON_MALFORMED', message, { cause });
  }
}
