import { CLASSES, LETTER, NUMBER, SPACE } from '../unicode/classes.js';
import { kindAt, runEnd } from './gpt2-scanner.js';
import { contractionEnd, numbersEnd, type PretokenEnd, whiteSpaceEnd } from './pretoken-scan.js';

export interface Cl100kRules {
  /** Numbers a pretoken holds at most: 3 in cl100k, 1 in Qwen's. */
  numbers: number;
  /** White space that ends the text is one pretoken, newlines or not. */
  wholeTail: boolean;
}

/** End of `[^\s\p{L}\p{N}]*[\r\n]*` from `i`. */
function marksEnd(text: string, i: number, to: number): number {
  let end = runEnd(text, i, to, 0);
  while (end < to && (text.charCodeAt(end) === 0x0a || text.charCodeAt(end) === 0x0d)) end++;
  return end;
}

/**
 * The pretokens of cl100k_base (GPT-4) and its descendants (Llama 3, Qwen 2), in one pass:
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`.
 */
export function cl100kPretokens({ numbers, wholeTail }: Cl100kRules): PretokenEnd {
  return (text, i, to) => {
    const unit = text.charCodeAt(i);
    const next = unit >= 0xd800 && unit < 0xdc00 && text.codePointAt(i)! > 0xffff ? i + 2 : i + 1;
    const kind = next > i + 1 ? kindAt(text, i) : CLASSES[unit] & (LETTER | NUMBER | SPACE);
    if (kind === LETTER) return runEnd(text, next, to, LETTER);
    if (kind === NUMBER) return numbersEnd(text, next, to, numbers - 1);
    const contraction = contractionEnd(text, i, to);
    if (contraction > i) return contraction;
    const following = next < to ? kindAt(text, next) : SPACE;
    if (following === LETTER && unit !== 0x0a && unit !== 0x0d) return runEnd(text, next, to, LETTER);
    if (kind === 0 || (unit === 0x20 && following === 0)) return marksEnd(text, next, to);
    return whiteSpaceEnd(text, i, to, wholeTail);
  };
}
