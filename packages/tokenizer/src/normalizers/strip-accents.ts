import type { JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { CLASSES, COMBINING_MARK } from '../unicode/classes.js';
import type { Normalizer } from './normalizer.js';

/** Drops the code points that have one of the class bits `classes`. */
export function removeClasses(text: AlignedText, classes: number): AlignedText {
  const source = text.text;
  let out: AlignedBuilder | undefined;
  for (let i = 0; i < source.length; ) {
    const code = source.codePointAt(i)!;
    const next = code > 0xffff ? i + 2 : i + 1;
    const drop = (CLASSES[code] & classes) !== 0;
    if (drop && out === undefined) {
      out = new AlignedBuilder(text);
      out.copy(0, i);
    } else if (!drop) {
      out?.copy(i, next);
    }
    i = next;
  }
  return out === undefined ? text : out.finish();
}

/** Drops combining marks. It does not decompose first: put NFD or NFKD before it. */
export class StripAccentsNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return removeClasses(text, COMBINING_MARK);
  }

  toJSON(): JsonObject {
    return { type: 'StripAccents' };
  }
}
