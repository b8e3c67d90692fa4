import type { Encoding } from '../encoding/encoding.js';
import type { Segment } from '../encoding/segment.js';
import type { Fields, JsonObject } from '../json/fields.js';
import type { PostProcessor } from './post-processor.js';
import { readTokenAndId, specialSegment, type TokenAndId, wrap } from './special.js';
import { TemplateProcessing } from './template.js';

/** BERT's template under its older name: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]` with type id 1 from B on. */
export class BertProcessing implements PostProcessor {
  readonly sep: TokenAndId;
  readonly cls: TokenAndId;
  readonly #cls: Segment;
  readonly #sep: Segment;
  readonly #pairSep: Segment;

  constructor(sep: TokenAndId, cls: TokenAndId) {
    this.sep = sep;
    this.cls = cls;
    this.#cls = specialSegment([cls], 0);
    this.#sep = specialSegment([sep], 0);
    this.#pairSep = specialSegment([sep], 1);
  }

  static read(fields: Fields): BertProcessing {
    return new BertProcessing(readTokenAndId(fields, 'sep'), readTokenAndId(fields, 'cls'));
  }

  addedTokens(isPair: boolean): number {
    return isPair ? 3 : 2;
  }

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding[] {
    if (!addSpecialTokens) return encodings;
    return encodings.map((encoding, i) =>
      i === 0 ? wrap(encoding, 0, this.#cls, this.#sep) : wrap(encoding, 1, undefined, this.#pairSep),
    );
  }

  toJSON(): JsonObject {
    return { type: 'BertProcessing', sep: [...this.sep], cls: [...this.cls] };
  }
}

/** The same as a template. */
export function bertTemplate(sep: TokenAndId, cls: TokenAndId): TemplateProcessing {
  const special = ([token, id]: TokenAndId) => [token, { ids: [id], tokens: [token] }] as const;
  const single = [
    { special: cls[0], typeId: 0 },
    { sequence: 0, typeId: 0 },
    { special: sep[0], typeId: 0 },
  ] as const;
  const pair = [...single, { sequence: 1, typeId: 1 }, { special: sep[0], typeId: 1 }] as const;
  return new TemplateProcessing(single, pair, new Map([special(cls), special(sep)]));
}
