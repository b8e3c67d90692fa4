import { type Fields, type JsonObject, malformed } from '../json/fields.js';
import { AlignedBuilder } from '../text/aligned-text.js';
import { IntList } from '../text/int-list.js';
import { readCharacter } from './delimiter.js';
import { Pieces, type PreTokenizer } from './pre-tokenizer.js';

/** Which pieces get the replacement put before them: all, none, or what begins the original text. */
export type PrependScheme = 'always' | 'never' | 'first';

export interface MetaspaceOptions {
  /** The character that stands for a space; `▁` as a rule. */
  replacement: string;
  prependScheme: PrependScheme;
  /** Divide before every replacement. */
  split: boolean;
}

/**
 * Reads the options, which the decoder of the same name has too. Files of older versions carry `str_rep`, which means
 * nothing, and `add_prefix_space`, which must not contradict `prepend_scheme`.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`
 */
export function readMetaspace(fields: Fields): MetaspaceOptions {
  const replacement = readCharacter(fields, 'replacement');
  const addPrefixSpace = fields.optional('add_prefix_space', fields.boolean);
  const scheme = fields.has('prepend_scheme') ? fields.get('prepend_scheme') : 'always';
  const split = fields.optional('split', fields.boolean) ?? true;
  fields.optional('str_rep', fields.string);
  if (scheme !== 'always' && scheme !== 'never' && scheme !== 'first') {
    throw malformed(`${fields.where}.prepend_scheme`, `${JSON.stringify(scheme)} is none of always, never, first`);
  }
  if (addPrefixSpace === false && scheme !== 'never') {
    throw malformed(`${fields.where}.add_prefix_space`, `false contradicts the prepend_scheme "${scheme}"`);
  }
  return { replacement, prependScheme: scheme, split };
}

export function writeMetaspace({ replacement, prependScheme, split }: MetaspaceOptions): JsonObject {
  return { type: 'Metaspace', replacement, prepend_scheme: prependScheme, split };
}

/** SentencePiece's way with spaces: writes `▁` for them and divides before it: `Hey you` → `▁Hey` `▁you`. */
export class MetaspacePreTokenizer implements PreTokenizer {
  readonly options: MetaspaceOptions;
  /** Only `first` asks where a piece comes from. */
  readonly needsOrigins: boolean;

  constructor(options: MetaspaceOptions) {
    this.options = options;
    this.needsOrigins = options.prependScheme === 'first';
  }

  static read(fields: Fields): MetaspacePreTokenizer {
    return new MetaspacePreTokenizer(readMetaspace(fields));
  }

  split(pieces: Pieces): Pieces {
    const { replacement, split } = this.options;
    const mark = replacement.codePointAt(0)!;
    const { text } = pieces.text;
    const out = new AlignedBuilder(pieces.text, pieces.units);
    const bounds = new IntList(Math.max(16, pieces.bounds.length));
    for (let i = 0; i < pieces.bounds.length; i += 2) {
      const from = pieces.bounds.data[i];
      const to = pieces.bounds.data[i + 1];
      let start = out.length;
      const end = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
      const marked = text.charCodeAt(from) === 0x20 || text.startsWith(replacement, from);
      // The mark is aligned with the first character: it has no place of its own in the original.
      if (!marked && this.#prepends(pieces, from)) out.point(mark, from, end);
      for (let at = from; at < to; ) {
        const stop = nextMark(text, at, to, replacement);
        out.copy(at, stop);
        if (stop === to) break;
        if (split && out.length > start) {
          bounds.push2(start, out.length);
          start = out.length;
        }
        at = text.charCodeAt(stop) === 0x20 ? stop + 1 : stop + replacement.length;
        out.point(mark, stop, at);
      }
      bounds.push2(start, out.length);
    }
    return new Pieces(out.finish(), bounds);
  }

  #prepends(pieces: Pieces, from: number): boolean {
    const { prependScheme } = this.options;
    return prependScheme === 'always' || (prependScheme === 'first' && pieces.text.start(from) === 0);
  }

  toJSON(): JsonObject {
    return writeMetaspace(this.options);
  }
}

/** Where the next space or replacement begins, from `at` on; `to` where there is none. */
function nextMark(text: string, at: number, to: number, replacement: string): number {
  const first = replacement.charCodeAt(0);
  for (let i = at; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x20 || (unit === first && text.startsWith(replacement, i))) return i;
  }
  return to;
}
