import { TokenizerError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/fields.js';

type IdOf = (token: string) => number | undefined;

function known(token: Json, id: IdOf): number {
  const found = typeof token === 'string' ? id(token) : undefined;
  if (found !== undefined) return found;
  const message = `The post-processor puts in ${JSON.stringify(token)}, which the vocabulary lacks; make it a special token.`;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
}

function fillTemplate(specials: JsonObject, id: IdOf): JsonObject {
  const filled = Object.entries(specials).map(([name, special]) => {
    if (!isObject(special) || !Array.isArray(special.tokens)) return [name, special] as const;
    return [name, { ...special, ids: special.tokens.map((token) => known(token, id)) }] as const;
  });
  return Object.fromEntries(filled);
}

/**
 * A post-processor or padding of tokenizer.json with the ids that its tokens have now.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where a post-processor names a token without id.
 */
export function fillTokenIds(json: Json, id: IdOf): Json {
  if (!isObject(json)) return json;
  const filled: JsonObject = { ...json };
  for (const key of ['sep', 'cls']) {
    const pair = json[key];
    if (Array.isArray(pair)) filled[key] = [pair[0], known(pair[0], id)];
  }
  if (isObject(json.special_tokens)) filled.special_tokens = fillTemplate(json.special_tokens, id);
  if (Array.isArray(json.processors)) filled.processors = json.processors.map((inner) => fillTokenIds(inner, id));
  if (typeof json.pad_token === 'string') filled.pad_id = id(json.pad_token) ?? json.pad_id ?? 0;
  return filled;
}
