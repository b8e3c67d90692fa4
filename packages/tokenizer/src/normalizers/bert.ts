import type { Fields, JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import { BERT_CLASSES, CONTROL, NONSPACING_MARK, SPACE } from '../unicode/bert-classes.js';
import { dropClasses, mapClasses } from './filter.js';
import { lowercase } from './lowercase.js';
import type { Normalizer } from './normalizer.js';
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

function cleanCharacter(code: number): number {
  return (BERT_CLASSES[code] & CONTROL) !== 0 ? -1 : 0x20;
}

function toSpace(): number {
  return 0x20;
}

/** Drops control characters and turns white space into spaces. */
function clean(text: AlignedText): AlignedText {
  // What is dropped is also white space, or not; so that one pass does for the library's two, unless the text begins with
  // units that stand for nothing, which every pass repeats.
  if (text.lead === 0) return mapClasses(text, BERT_CLASSES, CONTROL | SPACE, cleanCharacter);
  return mapClasses(dropClasses(text, BERT_CLASSES, CONTROL), BERT_CLASSES, SPACE, toSpace);
}

function isAscii(text: string): boolean {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) < 0x80) i++;
  return i === text.length;
}

function isolateChinese(text: AlignedText): AlignedText {
  const source = text.text;
  let out = Transform.forced(text);
  let kept = 0;
  for (let i = 0; i < source.length; ) {
    const code = source.charCodeAt(i) < 0x3400 ? 0 : source.codePointAt(i)!;
    const start = i;
    i += code > 0xffff ? 2 : 1;
    if (code === 0 || !isChinese(code)) continue;
    out ??= new Transform(text);
    out.keep(kept, start);
    out.replace(0x20);
    out.insert(code);
    out.insert(0x20);
    kept = i;
  }
  if (out === undefined) return text;
  out.keep(kept, source.length);
  return out.finish();
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
    if (cleanText) result = clean(result);
    // ASCII is neither Chinese nor accented.
    if (result.lead === 0 && isAscii(result.text)) return lower ? lowercase(result) : result;
    if (handleChineseChars) result = isolateChinese(result);
    if (stripAccents ?? lower) result = dropClasses(toUnicodeForm(result, 'NFD'), BERT_CLASSES, NONSPACING_MARK);
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
