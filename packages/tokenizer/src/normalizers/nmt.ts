import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { filterAndMap } from './filter.js';
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
  if (code >= 0x20 && code < 0x7f) return code;
  if (isDropped(code)) return -1;
  return isSpace(code) ? 0x20 : code;
}

/** The cleaning of SentencePiece's `nmt` rules: some controls go, some white space and unseen characters become spaces. */
export class NmtNormalizer implements Normalizer {
  normalize(text: AlignedText): AlignedText {
    return filterAndMap(text, map);
  }

  toJSON(): JsonObject {
    return { type: 'Nmt' };
  }
}
