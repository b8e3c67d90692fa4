import { readComponent } from '../json/component.js';
import { type Fields, isObject, type Json, type JsonObject, malformed } from '../json/fields.js';
import { BertNormalizer } from './bert.js';
import { ByteLevelNormalizer } from './byte-level.js';
import { LowercaseNormalizer } from './lowercase.js';
import { NmtNormalizer } from './nmt.js';
import type { Normalizer } from './normalizer.js';
import { PrecompiledNormalizer } from './precompiled.js';
import { PrependNormalizer } from './prepend.js';
import { ReplaceNormalizer } from './replace.js';
import { SequenceNormalizer } from './sequence.js';
import { StripNormalizer } from './strip.js';
import { StripAccentsNormalizer } from './strip-accents.js';
import { UnicodeFormNormalizer } from './unicode-form.js';

function readSequence(fields: Fields): Normalizer {
  return new SequenceNormalizer(
    fields.list('normalizers').map((json) => {
      const normalizer = readNormalizer(json);
      if (normalizer === undefined) throw malformed(`${fields.where}.normalizers`, 'expected an object, found null');
      return normalizer;
    }),
  );
}

const READERS = new Map<string, (fields: Fields) => Normalizer>([
  ['BertNormalizer', BertNormalizer.read],
  ['Lowercase', () => new LowercaseNormalizer()],
  ['NFC', () => new UnicodeFormNormalizer('NFC')],
  ['NFD', () => new UnicodeFormNormalizer('NFD')],
  ['NFKC', () => new UnicodeFormNormalizer('NFKC')],
  ['NFKD', () => new UnicodeFormNormalizer('NFKD')],
  ['Strip', StripNormalizer.read],
  ['StripAccents', () => new StripAccentsNormalizer()],
  ['Replace', ReplaceNormalizer.read],
  ['Prepend', PrependNormalizer.read],
  ['Nmt', () => new NmtNormalizer()],
  ['Precompiled', PrecompiledNormalizer.read],
  ['ByteLevel', () => new ByteLevelNormalizer()],
  ['Sequence', readSequence],
]);

/** What the library makes of an object without a type, by a field that only one normalizer has. */
const TYPES_BY_FIELD: readonly (readonly [field: string, type: string])[] = [
  ['clean_text', 'BertNormalizer'],
  ['strip_left', 'Strip'],
  ['normalizers', 'Sequence'],
  ['precompiled_charsmap', 'Precompiled'],
  ['pattern', 'Replace'],
  ['prepend', 'Prepend'],
];

/** Gives a type to what files of old have without, and BertNormalizer its full name. */
function withType(json: JsonObject): JsonObject {
  if (json.type === 'Bert') return { ...json, type: 'BertNormalizer' };
  if (Object.hasOwn(json, 'type')) return json;
  const found = TYPES_BY_FIELD.find(([field]) => Object.hasOwn(json, field));
  return found === undefined ? json : { type: found[1], ...json };
}

export function readNormalizer(json: Json | undefined): Normalizer | undefined {
  return readComponent(isObject(json) ? withType(json) : json, 'normalizer', READERS);
}
