import type { Fields, JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { CLASSES, CONTROL, NONSPACING_MARK, SPACE } from '../unicode/classes.js';
import { lowercase } from './lowercase.js';
import type { Normalizer } from './normalizer.js';
import { removeClasses } from './strip-accents.js';
import { toUnicodeForm } from './unicode-form.js';

export interface BertNormalizerOptions {
  /** Drop control characters and U+FFFD; turn white space into spaces. */
  cleanText: boolean;
  /** Put spaces around CJK ideographs. */
  handleChineseChars: boolean;
  /** Drop accents; where undefined, follows `lowercase`. */
  stripAccents: boolean | undefined;
  lowercase: boolean;
}

/** CJK ideographs as BERT counts them; U+2B820 to U+2B91F are left out, as in the Rust library. */
export function isChinese(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x20000 && code <= 0x2a6df) ||
    (code >= 0x2a700 && code <= 0x2b73f) ||
    (code >= 0x2b740 && code <= 0x2b81f) ||
    (code >= 0x2b920 && code <= 0x2ceaf) ||
    (code >= 0x2f800 && code <= 0x2fa1f)
  );
}

function spaced(text: AlignedText): AlignedText {
  const source = text.text;
  let out: AlignedBuilder | undefined;
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    const plain = code === 0x20 || (CLASSES[code] & SPACE) === 0;
    if (!plain && out === undefined) {
      out = new AlignedBuilder(text);
      out.copy(0, i);
    }
    out?.unit(plain ? code : 0x20, i, i + 1);
  }
  return out === undefined ? text : out.finish();
}

function isolateChinese(text: AlignedText): AlignedText {
  const source = text.text;
  let out: AlignedBuilder | undefined;
  for (let i = 0; i < source.length; ) {
    const code = source.charCodeAt(i) < 0x3400 ? 0 : source.codePointAt(i)!;
    const next = code > 0xffff ? i + 2 : i + 1;
    const chinese = code !== 0 && isChinese(code);
    if (chinese && out === undefined) {
      out = new AlignedBuilder(text);
      out.copy(0, i);
    }
    if (chinese) out!.put(` ${source.slice(i, next)} `, i, next);
    else out?.copy(i, next);
    i = next;
  }
  return out === undefined ? text : out.finish();
}

/** BERT's cleaning: `" Héllo\u0000\t世"` becomes `" hello  世 "`. */
export class BertNormalizer implements Normalizer {
  readonly options: BertNormalizerOptions;

  constructor(options: BertNormalizerOptions) {
    this.options = options;
  }

  static read(fields: Fields): BertNormalizer {
    return new BertNormalizer({
      cleanText: fields.boolean('clean_text'),
      handleChineseChars: fields.boolean('handle_chinese_chars'),
      stripAccents: fields.optional('strip_accents', fields.boolean),
      lowercase: fields.boolean('lowercase'),
    });
  }

  normalize(text: AlignedText): AlignedText {
    const { cleanText, handleChineseChars, stripAccents, lowercase: lower } = this.options;
    let result = text;
    if (cleanText) result = spaced(removeClasses(result, CONTROL));
    if (handleChineseChars) result = isolateChinese(result);
    if (stripAccents ?? lower) result = removeClasses(toUnicodeForm(result, 'NFD'), NONSPACING_MARK);
    return lower ? lowercase(result) : result;
  }

  toJSON(): JsonObject {
    return {
      type: 'BertNormalizer',
      clean_text: this.options.cleanText,
      handle_chinese_chars: this.options.handleChineseChars,
      strip_accents: this.options.stripAccents ?? null,
      lowercase: this.options.lowercase,
    };
  }
}
