import type { JsonObject } from '../json/fields.js';
import type { AlignedText } from '../text/aligned-text.js';
import { Transform } from '../text/transform.js';
import { normalFlags } from '../unicode/normal.js';
import { Cluster, type UnicodeForm } from './canonical.js';
import type { Normalizer } from './normalizer.js';

export type { UnicodeForm } from './canonical.js';

/** Below these nothing changes: U+00C0 decomposes canonically, U+00A0 by compatibility, U+0300 is the first mark. */
const FIRST_CHANGED: Record<UnicodeForm, number> = { NFC: 0x300, NFD: 0xc0, NFKC: 0xa0, NFKD: 0xa0 };

/** Unicode normalization with alignments, by the Unicode version of the Rust library. */
export function toUnicodeForm(text: AlignedText, form: UnicodeForm): AlignedText {
  const source = text.text;
  const n = source.length;
  const first = FIRST_CHANGED[form];
  let out = Transform.forced(text);
  let i = 0;
  while (i < n && source.charCodeAt(i) < first) i++;
  if (i === n && out === undefined) return text;
  const flags = normalFlags();
  const cluster = new Cluster(form);
  /** All before this is written or, where there is no `out`, the same. */
  let kept = 0;
  /** Where the character before `i` begins. */
  let previous = Math.max(0, i - 1);
  while (i < n) {
    const code = source.charCodeAt(i) < 0xd800 ? source.charCodeAt(i) : source.codePointAt(i)!;
    const flag = code < first ? 0 : flags[code];
    const attaches = flag !== 0 && cluster.attaches(flag);
    const start = i;
    i += code > 0xffff ? 2 : 1;
    if (!attaches && (flag === 0 || !cluster.changes(flag))) {
      previous = start;
      continue;
    }
    const from = attaches ? Math.max(kept, previous) : start;
    while (i < n) {
      const next = source.codePointAt(i)!;
      if (!cluster.attaches(flags[next])) break;
      i += next > 0xffff ? 2 : 1;
    }
    if (cluster.read(source, from, i)) {
      out ??= new Transform(text);
      out.keep(kept, from);
      cluster.write(out);
      kept = i;
    }
    previous = i;
  }
  if (out === undefined) return text;
  out.keep(kept, n);
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
