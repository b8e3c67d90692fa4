import type { Fields, JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import { CLASSES, SPACE } from '../unicode/classes.js';
import type { Normalizer } from './normalizer.js';

export interface StripOptions {
  left: boolean;
  right: boolean;
}

// All white space is in the basic plane.
function isSpace(text: string, i: number): boolean {
  return (CLASSES[text.charCodeAt(i)] & SPACE) !== 0;
}

/** `text` without white space at its left and right end. */
export function strip(text: AlignedText, { left, right }: StripOptions): AlignedText {
  const source = text.text;
  const n = source.length;
  let from = 0;
  if (left) while (from < n && isSpace(source, from)) from++;
  let to = n;
  if (right) while (to > from && isSpace(source, to - 1)) to--;
  if (from === 0 && to === n) return text;
  const out = new Transform(text);
  if (from < to) {
    out.drop(from);
    out.keep(from, to);
  }
  return out.finish();
}

/** Drops white space at the ends of the text. */
export class StripNormalizer implements Normalizer {
  readonly options: StripOptions;

  constructor(options: StripOptions) {
    this.options = options;
  }

  static read(fields: Fields): StripNormalizer {
    return new StripNormalizer({ left: fields.boolean('strip_left'), right: fields.boolean('strip_right') });
  }

  normalize(text: AlignedText): AlignedText {
    return strip(text, this.options);
  }

  toJSON(): JsonObject {
    return { type: 'Strip', strip_left: this.options.left, strip_right: this.options.right };
  }
}
