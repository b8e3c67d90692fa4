import type { Encoding } from '../encoding/encoding.js';
import { type Fields, type JsonObject, malformed } from '../json/fields.js';
import { join, type PostProcessor } from './post-processor.js';
import { TemplateProcessing } from './template.js';

export type TokenAndId = readonly [token: string, id: number];

/** BERT's template under its older name: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]` with type id 1 from B on. */
export class BertProcessing implements PostProcessor {
  readonly sep: TokenAndId;
  readonly cls: TokenAndId;
  readonly #template: TemplateProcessing;

  constructor(sep: TokenAndId, cls: TokenAndId) {
    this.sep = sep;
    this.cls = cls;
    this.#template = bertTemplate(sep, cls);
  }

  static read(fields: Fields): BertProcessing {
    const token = (key: string): TokenAndId => {
      const value = fields.list(key);
      if (value.length === 2 && typeof value[0] === 'string' && Number.isSafeInteger(value[1])) {
        return value as unknown as TokenAndId;
      }
      throw malformed(`${fields.where}.${key}`, 'expected a token and its id');
    };
    return new BertProcessing(token('sep'), token('cls'));
  }

  addedTokens(isPair: boolean): number {
    return this.#template.addedTokens(isPair);
  }

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding {
    return addSpecialTokens ? this.#template.process(encodings, true) : join(encodings);
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
