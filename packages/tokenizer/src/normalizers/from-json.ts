import { readComponent } from '../json/component.js';
import { type Fields, type Json, malformed } from '../json/fields.js';
import { BertNormalizer } from './bert.js';
import { LowercaseNormalizer } from './lowercase.js';
import type { Normalizer } from './normalizer.js';
import { SequenceNormalizer } from './sequence.js';
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
  ['StripAccents', () => new StripAccentsNormalizer()],
  ['Sequence', readSequence],
]);

export function readNormalizer(json: Json | undefined): Normalizer | undefined {
  return readComponent(json, 'normalizer', READERS);
}
