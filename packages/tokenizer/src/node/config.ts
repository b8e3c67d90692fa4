import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddedTokenInput } from '../added-tokens/added-token.js';
import { TokenizerError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/fields.js';
import { readJson, readText } from './files.js';

export const CONFIG = 'tokenizer_config.json';
export const SPECIAL_TOKENS = 'special_tokens_map.json';
const TEMPLATE = 'chat_template.jinja';

/** Names of special tokens in tokenizer_config.json and special_tokens_map.json, and here. */
const NAMES = [
  ['bos_token', 'bosToken'],
  ['eos_token', 'eosToken'],
  ['unk_token', 'unkToken'],
  ['sep_token', 'sepToken'],
  ['pad_token', 'padToken'],
  ['cls_token', 'clsToken'],
  ['mask_token', 'maskToken'],
] as const;

export type SpecialTokenName = (typeof NAMES)[number][1];

/** What tokenizer_config.json, special_tokens_map.json and chat_template.jinja say of a tokenizer. */
export interface TokenizerConfig {
  /** Most tokens that the model takes; undefined where the files set no limit. */
  readonly modelMaxLength: number | undefined;
  /** The tokens that have a part to play. */
  readonly specialTokens: Readonly<Partial<Record<SpecialTokenName, string>>>;
  readonly additionalSpecialTokens: readonly string[];
  /** Chat templates (in Jinja) by name; a single one is called `default`. */
  readonly chatTemplates: ReadonlyMap<string, string>;
  /** Added tokens by id that tokenizer_config.json lists. */
  readonly addedTokens: ReadonlyMap<number, { special: boolean; token: AddedTokenInput }>;
  /** tokenizer_config.json itself; {} where there is none. */
  readonly json: Readonly<JsonObject>;
  /** special_tokens_map.json itself; {} where there is none. */
  readonly specialTokensMap: Readonly<JsonObject>;
}

function malformed(path: string, what: string): TokenizerError {
  return new TokenizerError('TOKENIZER_FILE_MALFORMED', `${path}: ${what}`);
}

async function readObject(path: string, present: boolean): Promise<JsonObject> {
  if (!present) return {};
  const json = await readJson(path);
  if (!isObject(json)) throw malformed(path, 'expected an object');
  return json;
}

function own(json: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(json, key) ? json[key] : undefined;
}

/** A token is written as its text, or as an object with it. */
function contentOf(value: Json | undefined, where: string): string | undefined {
  if (value == null || value === false) return undefined;
  const content = isObject(value) ? own(value, 'content') : value;
  if (typeof content !== 'string') throw malformed(where, 'expected a token: a string, or an object with "content"');
  return content;
}

function readTemplates(value: Json | undefined, where: string): [string, string][] {
  if (value == null) return [];
  if (typeof value === 'string') return [['default', value]];
  const named = Array.isArray(value)
    ? value.map((item) => [isObject(item) && own(item, 'name'), isObject(item) && own(item, 'template')])
    : isObject(value)
      ? Object.entries(value)
      : [[undefined, undefined]];
  for (const [name, template] of named) {
    if (typeof name !== 'string' || typeof template !== 'string') {
      throw malformed(where, 'expected a template, or a list of objects with "name" and "template"');
    }
  }
  return named as [string, string][];
}

function readAdded(json: JsonObject, path: string): Map<number, { special: boolean; token: AddedTokenInput }> {
  const decoder = own(json, 'added_tokens_decoder') ?? {};
  if (!isObject(decoder)) throw malformed(path, '"added_tokens_decoder" must be an object');
  const added = Object.entries(decoder).map(([id, value]) => {
    const where = `${path}: added_tokens_decoder.${id}`;
    if (!/^\d{1,10}$/.test(id)) throw malformed(where, 'expected an id');
    const flag = (key: string): boolean | undefined => {
      const given = isObject(value) ? own(value, key) : undefined;
      if (given == null || typeof given === 'boolean') return given ?? undefined;
      throw malformed(where, `"${key}" must be true or false`);
    };
    const content = contentOf(value, where);
    if (content === undefined) throw malformed(where, 'expected a token');
    const token = {
      content,
      singleWord: flag('single_word'),
      lstrip: flag('lstrip'),
      rstrip: flag('rstrip'),
      normalized: flag('normalized'),
    };
    return [Number(id), { special: flag('special') ?? false, token }] as const;
  });
  return new Map(added.sort(([a], [b]) => a - b));
}

/** Where no limit is meant, files have a very large number. */
function readMaxLength(value: Json | undefined, path: string): number | undefined {
  if (value == null) return undefined;
  if (typeof value !== 'number' || value < 1) throw malformed(path, '"model_max_length" must be a positive number');
  return value > 1e15 ? undefined : Math.floor(value);
}

/**
 * Reads what a directory says of its tokenizer; files that are not there say nothing.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED`, naming file and field
 */
export async function readConfig(directory: string): Promise<TokenizerConfig> {
  const present = new Set(await readdir(directory));
  const path = join(directory, CONFIG);
  const [json, map] = await Promise.all([
    readObject(path, present.has(CONFIG)),
    readObject(join(directory, SPECIAL_TOKENS), present.has(SPECIAL_TOKENS)),
  ]);
  const find = (key: string): string | undefined =>
    contentOf(own(json, key), `${path}: ${key}`) ??
    contentOf(own(map, key), `${join(directory, SPECIAL_TOKENS)}: ${key}`);
  const found = NAMES.flatMap(([key, name]) => {
    const token = find(key);
    return token === undefined ? [] : [[name, token] as const];
  });
  const additional = own(json, 'additional_special_tokens') ?? own(map, 'additional_special_tokens') ?? [];
  if (!Array.isArray(additional)) throw malformed(path, '"additional_special_tokens" must be an array');
  const templates = new Map(readTemplates(own(json, 'chat_template'), `${path}: chat_template`));
  if (present.has(TEMPLATE)) templates.set('default', await readText(join(directory, TEMPLATE)));
  return {
    modelMaxLength: readMaxLength(own(json, 'model_max_length'), path),
    specialTokens: Object.fromEntries(found),
    additionalSpecialTokens: additional.map((token) => contentOf(token, `${path}: additional_special_tokens`) ?? ''),
    chatTemplates: templates,
    addedTokens: readAdded(json, path),
    json,
    specialTokensMap: map,
  };
}

/** special_tokens_map.json for the names that `json` (a tokenizer_config.json) gives. */
export function specialTokensMap(json: Readonly<JsonObject>): JsonObject {
  const keys = [...NAMES.map(([key]) => key as string), 'additional_special_tokens'];
  return Object.fromEntries(keys.flatMap((key) => (own(json, key) == null ? [] : [[key, own(json, key)!]])));
}
