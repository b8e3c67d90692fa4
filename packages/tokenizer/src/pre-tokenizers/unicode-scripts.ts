import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { ANY_SCRIPT, scriptOf } from '../unicode/scripts.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

function scan(text: string, from: number, to: number, bounds: IntList): void {
  // What is of any script and comes before all others is dropped, as the Rust library does.
  let start = -1;
  let script = ANY_SCRIPT;
  for (let i = from; i < to; ) {
    const code = text.codePointAt(i)!;
    const here = scriptOf(code);
    if (here !== ANY_SCRIPT && here !== script) {
      if (start >= 0) bounds.push2(start, i);
      start = i;
      script = here;
    }
    i += code > 0xffff ? 2 : 1;
  }
  if (start >= 0) bounds.push2(start, to);
}

/**
 * Divides where the script changes, as SentencePiece does: `どこで生れ。Yes` → `どこで生れ` `。` `Yes`. Kana counts as Han,
 * and spaces go with what is before them.
 */
export class UnicodeScriptsPreTokenizer implements PreTokenizer {
  split(pieces: Pieces): Pieces {
    return splitEach(pieces, scan);
  }

  toJSON(): JsonObject {
    return { type: 'UnicodeScripts' };
  }
}
