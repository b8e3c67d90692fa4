import type { Fields, JsonObject } from '../json/fields.js';
import { type Pattern, readPattern } from '../patterns/pattern.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import type { Normalizer } from './normalizer.js';

/**
 * `text` with `content` in place of every match of `pattern`. The content stands for the last character before the match's end,
 * which is the match's own last one unless the match is empty; where there is none, for nothing.
 */
export function replaceMatches(text: AlignedText, pattern: Pattern, content: string): AlignedText {
  const source = text.text;
  const matches = new IntList();
  pattern.findAll(source, 0, source.length, matches);
  if (matches.length === 0) return text;
  const out = new AlignedBuilder(text);
  let kept = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const to = matches.data[i + 1];
    out.copy(kept, matches.data[i]);
    kept = to;
    if (to === 0) {
      out.putNowhere(content);
      continue;
    }
    const unit = source.charCodeAt(to - 1);
    out.put(content, unit >= 0xdc00 && unit <= 0xdfff ? to - 2 : to - 1, to);
  }
  out.copy(kept, source.length);
  return out.finish();
}

/** Puts a text in place of what a pattern matches. */
export class ReplaceNormalizer implements Normalizer {
  readonly pattern: Pattern;
  readonly content: string;

  constructor(pattern: Pattern, content: string) {
    this.pattern = pattern;
    this.content = wellFormed(content);
  }

  static read(fields: Fields): ReplaceNormalizer {
    const pattern = readPattern(fields.get('pattern'), `${fields.where}.pattern`);
    return new ReplaceNormalizer(pattern, fields.string('content'));
  }

  normalize(text: AlignedText): AlignedText {
    return replaceMatches(text, this.pattern, this.content);
  }

  toJSON(): JsonObject {
    return { type: 'Replace', pattern: this.pattern.toJSON(), content: this.content };
  }
}
