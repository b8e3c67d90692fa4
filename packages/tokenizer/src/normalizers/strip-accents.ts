import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { CLASSES, COMBINING_MARK } from '../unicode/classes.js';
import { mapCharacters } from './filter.js';
import type { Normalizer } from './normalizer.js';

/** Drops combining marks. It does not decompose first: put NFD or NFKD before it. */
export class StripAccentsNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return mapCharacters(text, (code) => ((CLASSES[code] & COMBINING_MARK) !== 0 ? -1 : code));
  }

  toJSON(): JsonObject {
    return { type: 'StripAccents' };
  }
}
