import { CLASSES, NUMBER } from '../unicode/classes.js';

/**
 * Numbers as Rust's standard library knows them, which is younger than the regex engine's: U+11DE0 to U+11DE9 and U+16FF4
 * to U+16FF6 came with Unicode 17.
 */
export function isNumeric(code: number): boolean {
  if ((CLASSES[code] & NUMBER) !== 0) return true;
  return (code >= 0x11de0 && code <= 0x11de9) || (code >= 0x16ff4 && code <= 0x16ff6);
}
