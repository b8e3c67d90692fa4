import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import type { Normalizer } from './normalizer.js';

function isDropped(code: number): boolean {
  return (
    (code >= 0x01 && code <= 0x08) ||
    code === 0x0b ||
    (code >= 0x0e && code <= 0x1f) ||
    code === 0x7f ||
    code === 0x8f ||
    code === 0x9f
  );
}

function isSpace(code: number): boolean {
  return (
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0c ||
    code === 0x0d ||
    code === 0x1680 ||
    (code >= 0x200b && code <= 0x200f) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x2581 ||
    code === 0xfeff ||
    code === 0xfffd
  );
}

function map(code: number): number {
  if (isDropped(code)) return -1;
  return isSpace(code) ? 0x20 : code;
}

/** Drops or exchanges characters one by one. */
function mapCharacters(text: AlignedText, map: (code: number) => number): AlignedText {
  const source = text.text;
  let out = Transform.forced(text);
  let kept = 0;
  // All that change are in the basic plane.
  for (let i = 0; i < source.length; i++) {
    const unit = source.charCodeAt(i);
    if (unit >= 0x20 && unit < 0x7f) continue;
    const mapped = map(unit);
    if (mapped === unit) continue;
    out ??= new Transform(text);
    out.keep(kept, i);
    if (mapped < 0) out.drop(1);
    else out.replace(mapped);
    kept = i + 1;
  }
  if (out === undefined) return text;
  out.keep(kept, source.length);
  return out.finish();
}

/** The cleaning of SentencePiece's `nmt` rules: some controls go, some white space and unseen characters become spaces. */
export class NmtNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    if (text.lead === 0) return mapCharacters(text, map);
    // The library's two passes, of which each repeats what stands for nothing.
    const filtered = mapCharacters(text, (code) => (isDropped(code) ? -1 : code));
    return mapCharacters(filtered, (code) => (isSpace(code) ? 0x20 : code));
  }

  toJSON(): JsonObject {
    return { type: 'Nmt' };
  }
}
