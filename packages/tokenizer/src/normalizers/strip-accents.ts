import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { COMBINING_MARK, markClasses } from '../unicode/marks.js';
import { dropClasses } from './filter.js';
import type { Normalizer } from './normalizer.js';

/** Drops combining marks. It does not decompose first: put NFD or NFKD before it. */
export class StripAccentsNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return dropClasses(text, markClasses(), COMBINING_MARK);
  }

  toJSON(): JsonObject {
    return { type: 'StripAccents' };
  }
}
