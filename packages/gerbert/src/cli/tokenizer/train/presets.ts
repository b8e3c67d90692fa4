import type { TrainSettings } from './options-file.js';

export const models = ['bpe', 'wordpiece', 'unigram', 'wordlevel'] as const;

export type ModelName = (typeof models)[number];

/** What a preset may be told by flags. */
export interface PresetFlags {
  lowercase?: boolean;
  byteLevel?: boolean;
  addPrefixSpace?: boolean;
}

/** The preset of every model, for `--help`. */
export const presetsInWords = `
Without --options, or where that names no component, a model comes with
  bpe        GPT-2's pipeline: byte-level, all 256 bytes, <|endoftext|>, pairs that occur twice (--no-byte-level: words
             and punctuation apart, and [UNK])
  wordpiece  BERT's: lower case without accents, words and punctuation apart, [CLS] and [SEP] around texts, BERT's five
             special tokens, pairs that occur twice, an alphabet of 1,000 (--no-lowercase: as the text has it)
  unigram    SentencePiece's: NFKC, single spaces, ▁ for them, <unk> (--byte-level: all 256 bytes instead)
  wordlevel  words and punctuation apart, [UNK]
Where --options names normalizer, preTokenizer, postProcessor or decoder, there is no preset: what is not named is none,
and the trainer's own defaults hold.`;

type Preset = (flags: PresetFlags, given: TrainSettings) => TrainSettings;

const byteLevel = (addPrefixSpace: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: addPrefixSpace,
  trim_offsets: true,
  use_regex: true,
});

/** As GPT-2 has it, whose post-processor leaves offsets alone. */
function byteLevelPipeline({ lowercase = false, addPrefixSpace = false }: PresetFlags): TrainSettings {
  return {
    initialAlphabet: byteAlphabet(),
    normalizer: lowercase ? { type: 'Lowercase' } : null,
    preTokenizer: byteLevel(addPrefixSpace),
    postProcessor: { ...byteLevel(true), trim_offsets: false },
    decoder: byteLevel(true),
  };
}

/** The characters that stand for bytes: printable ones for themselves, the others from U+0100 on (GPT-2's `bytes_to_unicode`). */
function byteAlphabet(): string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

const wordsApart = ({ lowercase = false }: PresetFlags): TrainSettings => ({
  normalizer: lowercase ? { type: 'Lowercase' } : null,
  preTokenizer: { type: 'Whitespace' },
});

function bpe(flags: PresetFlags, { endOfWordSuffix, unkToken = '[UNK]' }: TrainSettings): TrainSettings {
  if (flags.byteLevel ?? true) {
    return { ...byteLevelPipeline(flags), specialTokens: ['<|endoftext|>'], minFrequency: 2 };
  }
  const decoder = endOfWordSuffix === undefined ? null : { type: 'BPEDecoder', suffix: endOfWordSuffix };
  return { ...wordsApart(flags), decoder, unkToken, specialTokens: [unkToken], minFrequency: 2 };
}

function wordpiece(flags: PresetFlags, given: TrainSettings): TrainSettings {
  const { unkToken = '[UNK]', continuingSubwordPrefix = '##' } = given;
  const { specialTokens = ['[PAD]', unkToken, '[CLS]', '[SEP]', '[MASK]'] } = given;
  const around = ['[CLS]', '[SEP]'].every((token) => Array.isArray(specialTokens) && specialTokens.includes(token));
  const common = { specialTokens, minFrequency: 2, limitAlphabet: 1000 };
  if (flags.byteLevel) return { ...common, ...byteLevelPipeline(flags), limitAlphabet: undefined };
  return {
    ...common,
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: flags.lowercase ?? true,
    },
    preTokenizer: { type: 'BertPreTokenizer' },
    // The ids are filled in.
    postProcessor: around ? { type: 'BertProcessing', sep: ['[SEP]', 0], cls: ['[CLS]', 0] } : null,
    decoder: { type: 'WordPiece', prefix: continuingSubwordPrefix, cleanup: true },
  };
}

function unigram(flags: PresetFlags, { unkToken = '<unk>' }: TrainSettings): TrainSettings {
  const common = { unkToken, specialTokens: [unkToken] };
  if (flags.byteLevel) return { ...common, ...byteLevelPipeline(flags) };
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
  const normalizers = [
    // Among others, it makes the ends of lines spaces.
    { type: 'Nmt' },
    { type: 'NFKC' },
    { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ...(flags.lowercase ? [{ type: 'Lowercase' }] : []),
  ];
  return {
    ...common,
    normalizer: { type: 'Sequence', normalizers },
    preTokenizer: metaspace,
    decoder: metaspace,
  };
}

function wordlevel(flags: PresetFlags, { unkToken = '[UNK]' }: TrainSettings): TrainSettings {
  const common = { unkToken, specialTokens: [unkToken] };
  if (!flags.byteLevel) return { ...common, ...wordsApart(flags) };
  return { ...common, ...byteLevelPipeline(flags), initialAlphabet: undefined };
}

export const presets: Record<ModelName, Preset> = { bpe, wordpiece, unigram, wordlevel };
