import { readComponent } from '../json/component.js';
import { type Fields, isObject, type Json, malformed } from '../json/fields.js';
import { readByteLevel } from '../pre-tokenizers/byte-level.js';
import { readMetaspace } from '../pre-tokenizers/metaspace.js';
import { BpeDecoder } from './bpe.js';
import { ByteFallbackDecoder } from './byte-fallback.js';
import { ByteLevelDecoder } from './byte-level.js';
import { CtcDecoder } from './ctc.js';
import type { Decoder } from './decoder.js';
import { FuseDecoder } from './fuse.js';
import { MetaspaceDecoder } from './metaspace.js';
import { ReplaceDecoder } from './replace.js';
import { SequenceDecoder } from './sequence.js';
import { StripDecoder } from './strip.js';
import { WordPieceDecoder } from './wordpiece.js';

function readSequence(fields: Fields): Decoder {
  return new SequenceDecoder(
    fields.list('decoders').map((json) => {
      if (!isObject(json)) throw malformed(`${fields.where}.decoders`, 'expected an object');
      return readDecoder(json)!;
    }),
  );
}

const READERS = new Map<string, (fields: Fields) => Decoder>([
  ['BPEDecoder', BpeDecoder.read],
  ['ByteLevel', (fields) => new ByteLevelDecoder(readByteLevel(fields))],
  ['WordPiece', WordPieceDecoder.read],
  ['Metaspace', (fields) => new MetaspaceDecoder(readMetaspace(fields))],
  ['CTC', CtcDecoder.read],
  ['Sequence', readSequence],
  ['Replace', ReplaceDecoder.read],
  ['Fuse', () => new FuseDecoder()],
  ['Strip', StripDecoder.read],
  ['ByteFallback', () => new ByteFallbackDecoder()],
]);

export function readDecoder(json: Json | undefined): Decoder | undefined {
  return readComponent(json, 'decoder', READERS);
}
