import type { JsonObject } from '../json/fields.js';
import { AlignedBuilder, type AlignedText } from '../text/aligned-text.js';
import { CLASSES, COMBINING_MARK } from '../unicode/classes.js';
import type { Normalizer } from './normalizer.js';

export type UnicodeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** Below these nothing changes: U+00C0 decomposes canonically, U+00A0 by compatibility, U+0300 is the first mark. */
const FIRST_CHANGED: Record<UnicodeForm, number> = { NFC: 0x300, NFD: 0xc0, NFKC: 0xa0, NFKD: 0xa0 };

const decompositions: Record<'NFD' | 'NFKD', Map<string, string>> = { NFD: new Map(), NFKD: new Map() };

function decompose(character: string, form: 'NFD' | 'NFKD'): string {
  const known = decompositions[form];
  let result = known.get(character);
  if (result === undefined) {
    result = character.normalize(form);
    known.set(character, result);
  }
  return result;
}

/** Whether `character` may reorder or compose with what stands before it: marks, and the vowels and finals of Hangul. */
function attaches(character: string, form: 'NFD' | 'NFKD'): boolean {
  const code = decompose(character, form).codePointAt(0)!;
  if (CLASSES[code] & COMBINING_MARK) return true;
  return (code >= 0x1161 && code <= 0x1175) || (code >= 0x11a8 && code <= 0x11c2);
}

function points(text: string): string[] {
  return [...text];
}

/** Which source character each character of a decomposed cluster is aligned with (the Rust library's reckoning). */
function decomposedOrigins(cluster: string[], output: string[], form: 'NFD' | 'NFKD'): number[] {
  // Reordered marks carry only whether they began a source character; the alignment then walks the source in order.
  const pending = cluster.flatMap((c) =>
    points(decompose(c, form)).map((character, i) => ({ character, first: i === 0 })),
  );
  let at = -1;
  return output.map((character) => {
    const k = pending.findIndex((p) => p.character === character);
    const [{ first }] = k < 0 ? [{ first: false }] : pending.splice(k, 1);
    if (first) at++;
    return Math.max(0, at);
  });
}

/** The same for a composed cluster: the base takes the first character and what it swallowed, the rest stay last. */
function composedOrigins(cluster: string[], output: string[]): number[] {
  const swallowed = cluster.length - output.length;
  return output.map((_, j) => (j === 0 ? 0 : Math.min(cluster.length - 1, j + Math.max(0, swallowed))));
}

function putCluster(out: AlignedBuilder, cluster: string[], from: number, form: UnicodeForm): void {
  const source = cluster.join('');
  const normal = source.normalize(form);
  if (normal === source) {
    out.copy(from, from + source.length);
    return;
  }
  const output = points(normal);
  const composing = form === 'NFC' || form === 'NFKC';
  const origins = composing ? composedOrigins(cluster, output) : decomposedOrigins(cluster, output, form);
  const starts = [from];
  for (const character of cluster) starts.push(starts[starts.length - 1] + character.length);
  output.forEach((character, j) => {
    out.put(character, starts[origins[j]], starts[origins[j] + 1]);
  });
}

/**
 * Unicode normalization with alignments. The engine's own Unicode tables decide, so characters that are newer than the
 * Rust library's tables may differ from it.
 */
export function toUnicodeForm(text: AlignedText, form: UnicodeForm): AlignedText {
  const source = text.text;
  let i = 0;
  while (i < source.length && source.charCodeAt(i) < FIRST_CHANGED[form]) i++;
  if (i === source.length) return text;
  const normal = source.normalize(form);
  if (normal === source) return text;
  const base = form === 'NFC' || form === 'NFD' ? 'NFD' : 'NFKD';
  const out = new AlignedBuilder(text);
  let cluster: string[] = [];
  let from = 0;
  let at = 0;
  for (const character of source) {
    if (cluster.length > 0 && !(character > '\u009f' && attaches(character, base))) {
      putCluster(out, cluster, from, form);
      cluster = [];
      from = at;
    }
    cluster.push(character);
    at += character.length;
  }
  putCluster(out, cluster, from, form);
  return out.finish();
}

/** NFC, NFD, NFKC or NFKD. */
export class UnicodeFormNormalizer implements Normalizer {
  readonly form: UnicodeForm;

  constructor(form: UnicodeForm) {
    this.form = form;
  }

  normalize(text: AlignedText): AlignedText {
    return toUnicodeForm(text, this.form);
  }

  toJSON(): JsonObject {
    return { type: this.form };
  }
}
