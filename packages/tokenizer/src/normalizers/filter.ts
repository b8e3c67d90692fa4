import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';

/** What becomes of a character: itself, another one, or nothing (-1). */
export type CharacterMap = (code: number) => number;

/** Drops or exchanges characters one by one. */
export function mapCharacters(text: AlignedText, map: CharacterMap): AlignedText {
  const source = text.text;
  let out = Transform.forced(text);
  let kept = 0;
  for (let i = 0; i < source.length; ) {
    const code = source.codePointAt(i)!;
    const start = i;
    i += code > 0xffff ? 2 : 1;
    const mapped = map(code);
    if (mapped === code) continue;
    out ??= new Transform(text);
    out.keep(kept, start);
    if (mapped < 0) out.skip(1);
    else out.replace(mapped);
    kept = i;
  }
  if (out === undefined) return text;
  out.keep(kept, source.length);
  return out.finish();
}

/**
 * Drops some characters and then exchanges some of the rest, as two steps of the library do. One pass is enough unless the text
 * begins with units that stand for nothing.
 */
export function filterAndMap(text: AlignedText, map: CharacterMap): AlignedText {
  if (text.lead === 0) return mapCharacters(text, map);
  const filtered = mapCharacters(text, (code) => (map(code) < 0 ? -1 : code));
  return mapCharacters(filtered, (code) => (map(code) < 0 ? code : map(code)));
}
