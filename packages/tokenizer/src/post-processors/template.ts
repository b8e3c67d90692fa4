import { uniformColumns } from '../encoding/columns.js';
import { Encoding } from '../encoding/encoding.js';
import { Fields, isObject, type Json, type JsonObject, malformed } from '../json/fields.js';
import { type PostProcessor, withOverflow } from './post-processor.js';

/** One place of a template: a sequence (0 the text, 1 the pair), or a special token by its name. */
export type TemplatePiece =
  | { readonly sequence: 0 | 1; readonly typeId: number }
  | { readonly special: string; readonly typeId: number };

/** What stands in for a special token's name. */
export interface TemplateSpecial {
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

/**
 * Special tokens and sequences in a given order: `[CLS] $A [SEP]`, and for pairs `[CLS] $A [SEP] $B:1 [SEP]:1`.
 * Overflowing parts get the template's type ids too (the Rust library leaves theirs at 0 and 1).
 */
export class TemplateProcessing implements PostProcessor {
  readonly single: readonly TemplatePiece[];
  readonly pair: readonly TemplatePiece[];
  readonly specials: ReadonlyMap<string, TemplateSpecial>;

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where a piece names a special token that is not among `specials`. */
  constructor(
    single: readonly TemplatePiece[],
    pair: readonly TemplatePiece[],
    specials: ReadonlyMap<string, TemplateSpecial>,
  ) {
    for (const piece of [...single, ...pair]) {
      if ('special' in piece && !specials.has(piece.special)) {
        throw malformed('post_processor.special_tokens', `"${piece.special}" of the template is missing`);
      }
    }
    if (single.some((piece) => 'sequence' in piece && piece.sequence === 1)) {
      throw malformed('post_processor.single', 'a template for one sequence cannot use sequence B');
    }
    this.single = single;
    this.pair = pair;
    this.specials = specials;
  }

  static read(fields: Fields): TemplateProcessing {
    return new TemplateProcessing(readPieces(fields, 'single'), readPieces(fields, 'pair'), readSpecials(fields));
  }

  addedTokens(isPair: boolean): number {
    let count = 0;
    for (const piece of isPair ? this.pair : this.single) {
      if ('special' in piece) count += this.specials.get(piece.special)!.ids.length;
    }
    return count;
  }

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding {
    const parts: Encoding[] = [];
    const { tokenOf } = encodings[0];
    for (const piece of encodings.length === 2 ? this.pair : this.single) {
      if ('sequence' in piece) {
        parts.push(withOverflow(encodings[piece.sequence], (encoding) => withTypeId(encoding, piece.typeId)));
      } else if (addSpecialTokens) {
        const { ids, tokens } = this.specials.get(piece.special)!;
        const surfaces = new Map(tokens.map((token, i) => [i, token]));
        parts.push(new Encoding({ ...uniformColumns(ids, piece.typeId, 1), surfaces }, tokenOf));
      }
    }
    return parts.length === 0 ? encodings[0].slice(0, 0) : Encoding.concat(parts);
  }

  toJSON(): JsonObject {
    const write = (pieces: readonly TemplatePiece[]): Json[] =>
      pieces.map((piece): JsonObject => {
        if ('special' in piece) return { SpecialToken: { id: piece.special, type_id: piece.typeId } };
        return { Sequence: { id: 'AB'[piece.sequence], type_id: piece.typeId } };
      });
    const specials = [...this.specials].map(([id, { ids, tokens }]) => [
      id,
      { id, ids: [...ids], tokens: [...tokens] },
    ]);
    return {
      type: 'TemplateProcessing',
      single: write(this.single),
      pair: write(this.pair),
      special_tokens: Object.fromEntries(specials),
    };
  }
}

function withTypeId(encoding: Encoding, typeId: number): Encoding {
  return encoding.with({ ...encoding.columns, typeIds: new Int32Array(encoding.length).fill(typeId) }, []);
}

function readPieces(fields: Fields, key: 'single' | 'pair'): TemplatePiece[] {
  return fields.list(key).map((json, i) => {
    const where = `${fields.where}.${key}[${i}]`;
    const outer = new Fields(json, where);
    const sequence = outer.get('Sequence');
    const inner = new Fields(sequence ?? outer.get('SpecialToken'), where);
    const id = inner.string('id');
    const typeId = inner.count('type_id');
    inner.done();
    outer.done();
    if (sequence === undefined) return { special: id, typeId };
    if (id !== 'A' && id !== 'B') throw malformed(where, `expected sequence A or B, found "${id}"`);
    return { sequence: id === 'A' ? 0 : 1, typeId };
  });
}

function readSpecials(fields: Fields): Map<string, TemplateSpecial> {
  const json = fields.get('special_tokens');
  const where = `${fields.where}.special_tokens`;
  if (!isObject(json)) throw malformed(where, 'expected an object');
  return new Map(
    Object.entries(json).map(([name, value]) => {
      const special = new Fields(value, `${where}.${name}`);
      special.string('id');
      const ids = special.list('ids');
      const tokens = special.list('tokens');
      special.done();
      if (!ids.every(Number.isSafeInteger) || !tokens.every((token) => typeof token === 'string')) {
        throw malformed(`${where}.${name}`, 'expected integer ids and string tokens');
      }
      if (ids.length !== tokens.length) throw malformed(`${where}.${name}`, 'ids and tokens differ in number');
      return [name, { ids: ids as number[], tokens: tokens as string[] }];
    }),
  );
}
