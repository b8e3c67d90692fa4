import type { Pattern } from '../../src/patterns/pattern.js';
import { IntList } from '../../src/text/int-list.js';

/** Spans of the non-empty matches in code points, and the text with all matches replaced by U+E000. */
export function matchesOf(pattern: Pattern, text: string): [number[], string] {
  const out = new IntList();
  pattern.findAll(text, 0, text.length, out);
  const found = [...out.toArray()];
  const spans: number[] = [];
  let replaced = '';
  let last = 0;
  for (let i = 0; i < found.length; i += 2) {
    const [from, to] = [found[i], found[i + 1]];
    if (to > from) spans.push([...text.slice(0, from)].length, [...text.slice(0, to)].length);
    replaced += `${text.slice(last, from)}\ue000`;
    last = to;
  }
  return [spans, replaced + text.slice(last)];
}
