import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { SPACE, WORD, wordClasses } from '../unicode/word-classes.js';
import { type Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

/** Runs of code points with equal kind; those of kind 0 are dropped. */
function scanRuns(kind: (classes: number) => number) {
  return (text: string, from: number, to: number, bounds: IntList): void => {
    const table = wordClasses();
    let start = from;
    let current = 0;
    for (let i = from; i < to; ) {
      const code = text.codePointAt(i)!;
      const here = kind(table[code]);
      if (here !== current) {
        if (current !== 0) bounds.push2(start, i);
        start = i;
        current = here;
      }
      i += code > 0xffff ? 2 : 1;
    }
    if (current !== 0) bounds.push2(start, to);
  };
}

const scanWords = scanRuns((classes) => (classes & WORD ? 1 : classes & SPACE ? 0 : 2));
const scanSpaces = scanRuns((classes) => (classes & SPACE ? 0 : 1));

/** Words and runs of everything else but white space, the pattern `\w+|[^\w\s]+`: `Hey, you!?` → `Hey` `,` `you` `!?`. */
export class WhitespacePreTokenizer implements PreTokenizer {
  split(pieces: Pieces): Pieces {
    return splitEach(pieces, scanWords);
  }

  toJSON(): JsonObject {
    return { type: 'Whitespace' };
  }
}

/** Splits at white space only: `Hey, you!?` → `Hey,` `you!?`. */
export class WhitespaceSplitPreTokenizer implements PreTokenizer {
  split(pieces: Pieces): Pieces {
    return splitEach(pieces, scanSpaces);
  }

  toJSON(): JsonObject {
    return { type: 'WhitespaceSplit' };
  }
}
