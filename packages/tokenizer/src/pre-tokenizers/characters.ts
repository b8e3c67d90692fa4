import type { IntList } from '../text/int-list.js';

/** Appends the bounds of every code point between `from` and `to` that `wanted` holds for. */
export function findCharacters(
  text: string,
  from: number,
  to: number,
  wanted: (code: number) => boolean,
  out: IntList,
): void {
  for (let i = from; i < to; ) {
    const code = text.codePointAt(i)!;
    const next = code > 0xffff ? i + 2 : i + 1;
    if (wanted(code)) out.push2(i, next);
    i = next;
  }
}
