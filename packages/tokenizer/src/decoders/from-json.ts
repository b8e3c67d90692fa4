import { readComponent } from '../json/component.js';
import type { Fields, Json } from '../json/fields.js';
import { readByteLevel } from '../pre-tokenizers/byte-level.js';
import { ByteLevelDecoder } from './byte-level.js';
import type { Decoder } from './decoder.js';
import { WordPieceDecoder } from './wordpiece.js';

const READERS = new Map<string, (fields: Fields) => Decoder>([
  ['WordPiece', WordPieceDecoder.read],
  ['ByteLevel', (fields) => new ByteLevelDecoder(readByteLevel(fields))],
]);

export function readDecoder(json: Json | undefined): Decoder | undefined {
  return readComponent(json, 'decoder', READERS);
}
