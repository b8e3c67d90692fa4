import { TokenizerError } from '../errors.js';
import type { Fields, JsonObject } from '../json/fields.js';
import { AlignedBuilder } from '../text/aligned-text.js';
import { putBytes } from '../text/byte-alphabet.js';
import { IntList } from '../text/int-list.js';
import { scanGpt2 } from './gpt2-scanner.js';
import { Pieces, type PreTokenizer, splitEach } from './pre-tokenizer.js';

export interface ByteLevelOptions {
  /** Put a space before every piece that does not begin with one. */
  addPrefixSpace: boolean;
  /** Divide by GPT-2's pattern; otherwise pieces stay as they are. */
  useRegex: boolean;
  /** Only carried along here: the post-processor of the same name acts on it. */
  trimOffsets: boolean;
}

export function readByteLevel(fields: Fields): ByteLevelOptions {
  return {
    addPrefixSpace: fields.boolean('add_prefix_space'),
    trimOffsets: fields.boolean('trim_offsets'),
    useRegex: fields.boolean('use_regex', true),
  };
}

export function writeByteLevel(options: ByteLevelOptions): JsonObject {
  return {
    type: 'ByteLevel',
    add_prefix_space: options.addPrefixSpace,
    trim_offsets: options.trimOffsets,
    use_regex: options.useRegex,
  };
}

function addPrefixSpaces(pieces: Pieces): Pieces {
  const source = pieces.text;
  const out = new AlignedBuilder(source, pieces.units);
  const bounds = new IntList(pieces.bounds.length);
  for (let i = 0; i < pieces.bounds.length; i += 2) {
    const from = pieces.bounds.data[i];
    const to = pieces.bounds.data[i + 1];
    const start = out.length;
    if (source.text.charCodeAt(from) !== 0x20) {
      // The space is aligned with the first character: it has no place of its own in the original.
      const first = source.text.codePointAt(from)! > 0xffff ? from + 2 : from + 1;
      out.unit(0x20, from, first);
    }
    out.copy(from, to);
    bounds.push2(start, out.length);
  }
  return new Pieces(out.finish(), bounds);
}

function outOfReach(): TokenizerError {
  const message =
    'ByteLevel cannot divide what begins with something that a normalizer put there without a character to take it from ' +
    '(Replace of an empty match, Prepend of nothing); the Rust library panics there.';
  return new TokenizerError('TOKENIZER_NORMALIZATION_IMPOSSIBLE', message);
}

function toBytes(pieces: Pieces): Pieces {
  const out = new AlignedBuilder(pieces.text, pieces.units);
  const bounds = new IntList(pieces.bounds.length);
  for (let i = 0; i < pieces.bounds.length; i += 2) {
    const start = out.length;
    const from = pieces.bounds.data[i];
    const to = pieces.bounds.data[i + 1];
    const { lead } = pieces.text;
    if (from < lead && lead < to) throw outOfReach();
    putBytes(out, pieces.text, from, to);
    // What stands for nothing in the original stays behind what is written for it, as in the Rust library.
    if (from < lead) out.copy(from, to);
    bounds.push2(start, out.length);
  }
  return new Pieces(out.finish(), bounds);
}

/** Divides as GPT-2 does and writes the pieces in the byte alphabet: `Hi there` → `Hi` `Ġthere`. */
export class ByteLevelPreTokenizer implements PreTokenizer {
  readonly options: ByteLevelOptions;

  constructor(options: ByteLevelOptions) {
    this.options = options;
  }

  split(pieces: Pieces): Pieces {
    const prefixed = this.options.addPrefixSpace ? addPrefixSpaces(pieces) : pieces;
    return toBytes(this.options.useRegex ? splitEach(prefixed, scanGpt2) : prefixed);
  }

  toJSON(): JsonObject {
    return writeByteLevel(this.options);
  }
}
