import type { Fields, JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { wellFormed } from '../unicode/well-formed.js';
import type { Normalizer } from './normalizer.js';

/** Puts a text before every text that is not empty; it stands for the first character. */
export class PrependNormalizer implements Normalizer {
  readonly prepend: string;

  constructor(prepend: string) {
    this.prepend = wellFormed(prepend);
  }

  static read(fields: Fields): PrependNormalizer {
    return new PrependNormalizer(fields.string('prepend'));
  }

  normalize(text: AlignedText): AlignedText {
    const source = text.text;
    if (source === '') return text;
    const out = new AlignedBuilder(text);
    const first = source.codePointAt(0)! > 0xffff ? 2 : 1;
    if (this.prepend === '') {
      // The library writes the first character anew, and loses what it stood for.
      out.putNowhere(source.slice(0, first));
    } else {
      out.put(this.prepend, 0, first);
      out.put(source.slice(0, first), 0, first);
    }
    out.copy(first, source.length);
    return out.finish();
  }

  toJSON(): JsonObject {
    return { type: 'Prepend', prepend: this.prepend };
  }
}
