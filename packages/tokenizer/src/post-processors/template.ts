import { Encoding } from '../encoding/encoding.js';
import { type Segment, wholeRun } from '../encoding/segment.js';
import { FixedRun } from '../encoding/token-run.js';
import { TokenizerError } from '../errors.js';
import { Fields, isObject, type Json, type JsonObject, malformed } from '../json/fields.js';
import type { PostProcessor } from './post-processor.js';
import { checkId } from './special.js';

/** One place of a template: a sequence (0 the text, 1 the pair), or a special token by its name. */
export type TemplatePiece =
  | { readonly sequence: 0 | 1; readonly typeId: number }
  | { readonly special: string; readonly typeId: number };

/** What stands in for a special token's name. */
export interface TemplateSpecial {
  /** Its own name, where tokenizer.json gives another than the one it is listed under. */
  readonly id?: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

/**
 * Special tokens and sequences in a given order: `[CLS] $A [SEP]`, and for pairs `[CLS] $A [SEP] $B:1 [SEP]:1`. (As in the
 * Rust library, the type id of a sequence is not that of its overflowing parts: theirs is 0 for the text, 1 for the pair.)
 */
export class TemplateProcessing implements PostProcessor {
  readonly single: readonly TemplatePiece[];
  readonly pair: readonly TemplatePiece[];
  readonly specials: ReadonlyMap<string, TemplateSpecial>;
  readonly #segments = new Map<TemplatePiece, readonly Segment[]>();

  /** @throws TokenizerError `TOKENIZER_JSON_MALFORMED` where a piece names a special token that is not among `specials`. */
  constructor(
    single: readonly TemplatePiece[],
    pair: readonly TemplatePiece[],
    specials: ReadonlyMap<string, TemplateSpecial>,
  ) {
    for (const piece of [...single, ...pair]) {
      if (!('special' in piece)) continue;
      const special = specials.get(piece.special);
      if (special === undefined) {
        throw malformed('post_processor.special_tokens', `"${piece.special}" of the template is missing`);
      }
      const run = new FixedRun(Int32Array.from(special.ids), special.tokens);
      this.#segments.set(piece, [wholeRun(run, piece.typeId, 1, 1)]);
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

  process(encodings: Encoding[], addSpecialTokens: boolean): Encoding[] {
    if (encodings.length === 0 || encodings.length > 2) {
      const message = `TemplateProcessing takes one or two sequences, not the ${encodings.length} that the post-processor before it gives.`;
      throw new TokenizerError('TOKENIZER_COMPONENT_UNSUPPORTED', message);
    }
    const parts: Encoding[] = [];
    const { tokenOf } = encodings[0];
    for (const piece of encodings.length === 2 ? this.pair : this.single) {
      if ('sequence' in piece) {
        parts.push(encodings[piece.sequence].withTypeId(piece.typeId).withSequence(piece.sequence));
      } else if (addSpecialTokens) {
        parts.push(new Encoding(this.#segments.get(piece)!, tokenOf));
      }
    }
    return parts;
  }

  toJSON(): JsonObject {
    const write = (pieces: readonly TemplatePiece[]): Json[] =>
      pieces.map((piece): JsonObject => {
        if ('special' in piece) return { SpecialToken: { id: piece.special, type_id: piece.typeId } };
        return { Sequence: { id: 'AB'[piece.sequence], type_id: piece.typeId } };
      });
    const specials = [...this.specials].map(([name, { id = name, ids, tokens }]) => [
      name,
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

function readPieces(fields: Fields, key: 'single' | 'pair'): TemplatePiece[] {
  return fields.list(key).map((json, i) => {
    const where = `${fields.where}.${key}[${i}]`;
    const outer = new Fields(json, where);
    const sequence = outer.get('Sequence');
    const inner = new Fields(sequence ?? outer.get('SpecialToken'), where);
    const id = inner.string('id');
    const typeId = checkId(inner.get('type_id'), `${where}.type_id`);
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
      const id = special.string('id');
      const ids = special.list('ids').map((one) => checkId(one, `${where}.${name}.ids`));
      const tokens = special.list('tokens');
      special.done();
      if (!tokens.every((token) => typeof token === 'string')) {
        throw malformed(`${where}.${name}.tokens`, 'expected strings');
      }
      if (ids.length !== tokens.length) throw malformed(`${where}.${name}`, 'ids and tokens differ in number');
      return [name, { ids, tokens: tokens as string[], ...(id === name ? {} : { id }) }];
    }),
  );
}
