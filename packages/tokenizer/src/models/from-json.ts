import { readComponent } from '../json/component.js';
import { type Fields, type Json, malformed } from '../json/fields.js';
import { Bpe } from './bpe.js';
import type { Model } from './model.js';
import { WordPiece } from './wordpiece.js';

const READERS = new Map<string, (fields: Fields) => Model>([
  ['WordPiece', WordPiece.read],
  ['BPE', Bpe.read],
]);

export function readModel(json: Json | undefined): Model {
  const model = readComponent(json, 'model', READERS);
  if (model === undefined) throw malformed('model', 'missing');
  return model;
}
