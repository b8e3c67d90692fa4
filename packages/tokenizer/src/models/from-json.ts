import { readComponent } from '../json/component.js';
import { type Fields, isObject, type Json, malformed } from '../json/fields.js';
import { Bpe } from './bpe.js';
import type { Model } from './model.js';
import { Unigram } from './unigram.js';
import { WordLevel } from './wordlevel.js';
import { WordPiece } from './wordpiece.js';

const READERS = new Map<string, (fields: Fields) => Model>([
  ['WordPiece', WordPiece.read],
  ['BPE', Bpe.read],
  ['WordLevel', WordLevel.read],
  ['Unigram', Unigram.read],
]);

/** Old files do not name the model: the first type whose required fields are all there, in the Rust library's order. */
const REQUIRED = [
  ['BPE', ['vocab', 'merges']],
  ['WordPiece', ['unk_token', 'continuing_subword_prefix', 'max_input_chars_per_word', 'vocab']],
  ['WordLevel', ['unk_token', 'vocab']],
  ['Unigram', ['vocab']],
] as const;

function withType(json: Json | undefined): Json | undefined {
  if (!isObject(json) || Object.hasOwn(json, 'type')) return json;
  const found = REQUIRED.find(([, keys]) => keys.every((key) => Object.hasOwn(json, key)));
  return found === undefined ? json : { type: found[0], ...json };
}

export function readModel(json: Json | undefined): Model {
  const model = readComponent(withType(json), 'model', READERS);
  if (model === undefined) throw malformed('model', 'missing');
  return model;
}
