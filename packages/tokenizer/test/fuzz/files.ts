import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, Tokenizer } from '../../src/index.js';
import { byteAlphabet } from '../../src/text/byte-alphabet.js';
import { randomCase } from '../live/generator/case.js';
import { Rng } from '../live/rng.js';
import { mutateJson, mutateText } from './mutations.js';

/** Files of one tokenizer by their names, as they lie in one folder. */
export type Files = Map<string, string>;

const BERT_VOCAB = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  ...'abcde',
  ...[...'abcde'].map((c) => `##${c}`),
  'the',
  '##ing',
];
const MERGES = ['#version: 0.2', 'a b', 'ab c', 'Ġ a', 'Ã ©', 'Ġa b'];

/** A published tokenizer.json with less in it, so that many can be loaded in a second. */
export function reduced(json: JsonObject, tokens: number): JsonObject {
  const model = json.model as JsonObject;
  const kept = new Set(
    Object.entries(model.vocab as JsonObject)
      .filter(([, id]) => (id as number) < tokens)
      .map(([token]) => token),
  );
  const pairs = Array.isArray(model.merges)
    ? model.merges.map((merge) => (Array.isArray(merge) ? merge : String(merge).split(' ')))
    : undefined;
  const merges = pairs?.filter(([a, b]) => [a, b, `${a}${b}`].every((token) => kept.has(token as string)));
  const vocab = Object.fromEntries(Object.entries(model.vocab as JsonObject).filter(([token]) => kept.has(token)));
  const added = (json.added_tokens as JsonObject[]).filter(({ content }) => kept.has(content as string));
  return { ...json, added_tokens: added, model: { ...model, vocab, ...(merges === undefined ? {} : { merges }) } };
}

/** Reduced tokenizers of the data folder, where there is one. */
export function publishedJsons(data: string | undefined): JsonObject[] {
  const paths = ['vocab/bert/bert-base-uncased/tokenizer.json', 'vocab/gpt2/tokenizer.json'];
  return paths
    .map((path) => join(data ?? '', path))
    .filter((path) => data !== undefined && existsSync(path))
    .map((path) => reduced(JSON.parse(readFileSync(path, 'utf8')) as JsonObject, 1200));
}

/** One that loads, as long as there is one among a few. */
function sound(rng: Rng): JsonObject {
  for (let i = 0; i < 20; i++) {
    const { config } = randomCase(rng.int(1, 1e9));
    try {
      Tokenizer.fromJSON(config);
      return config;
    } catch {}
  }
  return randomCase(1).config;
}

/** One of some kinds of file, sound or nearly so, and then spoilt. */
export function spoiltFiles(seed: number, published: readonly JsonObject[]): Files {
  const rng = new Rng(seed);
  const spoil = (text: string, probability = 0.7) => (rng.chance(probability) ? mutateText(rng, text) : text);
  const config = () =>
    spoil(
      JSON.stringify({ do_lower_case: true, strip_accents: null, tokenize_chinese_chars: rng.pick([true, 1, 'x']) }),
      0.5,
    );
  const kind = rng.weighted([
    [14, 'json'],
    [1, 'vocab'],
    [1, 'merges'],
    [1, 'text'],
  ]);
  if (kind === 'vocab')
    return new Map([
      ['vocab.txt', spoil(BERT_VOCAB.join('\n'))],
      ['tokenizer_config.json', config()],
    ]);
  if (kind === 'merges') {
    const tokens = [...byteAlphabet(), 'ab', 'abc', 'Ġa', 'Ã©', 'Ġab', '<|endoftext|>'];
    const vocab = JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id])));
    return new Map([
      ['vocab.json', spoil(vocab, 0.4)],
      ['merges.txt', spoil(MERGES.join('\n'))],
      ['tokenizer_config.json', config()],
    ]);
  }
  const given = published.length > 0 && rng.chance(0.15) ? rng.pick(published) : sound(rng);
  if (kind === 'text') return new Map([['tokenizer.json', mutateText(rng, JSON.stringify(given))]]);
  return new Map([['tokenizer.json', mutateJson(rng, given)]]);
}
