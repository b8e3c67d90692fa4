import type { JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import type { Normalizer } from './normalizer.js';

/**
 * Lowers every code point by itself, as Rust's `char::to_lowercase` does: a final sigma becomes σ, not ς, and İ becomes
 * two characters.
 */
export function lowercase(text: AlignedText): AlignedText {
  const source = text.text.includes('Σ') ? text.text.replaceAll('Σ', 'σ') : text.text;
  // Only İ changes the length.
  if (!source.includes('İ')) {
    const lower = source.toLowerCase();
    return lower === text.text ? text : text.relabel(lower);
  }
  const out = new AlignedBuilder(text);
  let at = 0;
  for (const character of source) {
    const lower = character.toLowerCase();
    if (lower.length === character.length) {
      for (let i = 0; i < lower.length; i++) out.unit(lower.charCodeAt(i), at + i, at + i + 1);
    } else {
      out.put(lower, at, at + character.length);
    }
    at += character.length;
  }
  return out.finish();
}

/** Lower case, character by character. */
export class LowercaseNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return lowercase(text);
  }

  toJSON(): JsonObject {
    return { type: 'Lowercase' };
  }
}
