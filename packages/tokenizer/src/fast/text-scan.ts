import { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import { type ScanWords, unitsOfByte } from './fast-encoder.js';

/** A scanner of text, as pre-tokenizers have them: appends the bounds of its pieces, in UTF-16 units and in order. */
type Scan = (text: string, from: number, to: number, bounds: IntList) => void;

/** The same over UTF-8. */
export function scanText(scan: Scan): ScanWords {
  const pieces = new IntList();
  return ({ source, bytes, length, ascii }, bounds) => {
    const text = ascii ? source : wellFormed(source);
    pieces.length = 0;
    scan(text, 0, text.length, pieces);
    if (ascii) {
      bounds.set(pieces.data.subarray(0, pieces.length));
      return pieces.length / 2;
    }
    let at = 0;
    let unit = 0;
    for (let i = 0; i < pieces.length; i++) {
      // No piece begins or ends within a character.
      while (unit < pieces.data[i] && at < length) unit += unitsOfByte(bytes[at++]);
      while (at < length && (bytes[at] & 0xc0) === 0x80) at++;
      bounds[i] = at;
    }
    return pieces.length / 2;
  };
}
