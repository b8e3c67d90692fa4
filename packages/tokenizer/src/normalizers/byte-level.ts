import type { JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { byteCharacterCode, forUtf8, putBytes } from '../text/byte-alphabet.js';
import { Transform } from '../text/transform.js';
import type { Normalizer } from './normalizer.js';

function transformBytes(text: AlignedText): AlignedText {
  const out = new Transform(text);
  for (const character of text.text) {
    let first = true;
    forUtf8(character.codePointAt(0)!, (byte) => {
      if (first) out.replace(byteCharacterCode(byte));
      else out.insert(byteCharacterCode(byte));
      first = false;
    });
  }
  return out.finish();
}

/** Writes the text in GPT-2's alphabet of bytes. */
export class ByteLevelNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    if (text.text === '') return text;
    if (text.lead > 0) return transformBytes(text);
    const out = new AlignedBuilder(text);
    putBytes(out, text, 0, text.text.length);
    return out.finish();
  }

  toJSON(): JsonObject {
    return { type: 'ByteLevel' };
  }
}
