import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { BERT_CLASSES, PUNCTUATION, SPACE } from '../unicode/bert-classes.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

function scan(text: string, from: number, to: number, bounds: IntList): void {
  let start = from;
  for (let i = from; i < to; ) {
    let code = text.charCodeAt(i);
    let next = i + 1;
    if (code >= 0xd800 && code < 0xdc00) {
      code = text.codePointAt(i)!;
      if (code > 0xffff) next = i + 2;
    }
    const classes = BERT_CLASSES[code] & (SPACE | PUNCTUATION);
    if (classes !== 0) {
      if (i > start) bounds.push2(start, i);
      if (classes & PUNCTUATION) bounds.push2(i, next);
      start = next;
    }
    i = next;
  }
  if (to > start) bounds.push2(start, to);
}

/** Splits at white space, which is dropped, and isolates every punctuation mark: `Hey, you` → `Hey` `,` `you`. */
export class BertPreTokenizer implements PreTokenizer {
  split(pieces: Pieces): Pieces {
    return splitEach(pieces, scan);
  }

  toJSON(): JsonObject {
    return { type: 'BertPreTokenizer' };
  }
}
