import type { Json, JsonObject } from '../../../src/index.js';
import type { Rng } from '../rng.js';
import type { GeneratedModel } from './models.js';
import { randomPattern } from './patterns.js';

const BEHAVIORS = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'];
const SCHEMES = ['always', 'never', 'first'];

type Make = (rng: Rng, model: GeneratedModel) => JsonObject;

const bare =
  (type: string): Make =>
  () => ({ type });

function byteLevel(rng: Rng): JsonObject {
  const [add_prefix_space, trim_offsets, use_regex] = [rng.chance(0.4), rng.chance(0.5), rng.chance(0.8)];
  return { type: 'ByteLevel', add_prefix_space, trim_offsets, use_regex };
}

function metaspace(rng: Rng): JsonObject {
  const prepend_scheme = rng.pick(SCHEMES);
  return { type: 'Metaspace', replacement: rng.chance(0.9) ? '▁' : '_', prepend_scheme, split: rng.chance(0.8) };
}

function sequence(key: string, makers: readonly (readonly [number, Make])[]): Make {
  return (rng, model) => ({
    type: 'Sequence',
    [key]: rng.list(rng.chance(0.05) ? 0 : 1, 3, () => rng.weighted(makers)(rng, model)),
  });
}

const NORMALIZERS: (readonly [number, Make])[] = [
  [
    3,
    (rng) => ({
      type: 'BertNormalizer',
      clean_text: rng.chance(0.7),
      handle_chinese_chars: rng.chance(0.7),
      strip_accents: rng.pick([null, true, false]),
      lowercase: rng.chance(0.6),
    }),
  ],
  [2, bare('NFC')],
  [2, bare('NFD')],
  [2, bare('NFKC')],
  [2, bare('NFKD')],
  [2, bare('Lowercase')],
  [2, bare('StripAccents')],
  [1, bare('Nmt')],
  [1, (rng) => ({ type: 'Strip', strip_left: rng.chance(0.5), strip_right: rng.chance(0.5) })],
  [2, (rng) => ({ type: 'Prepend', prepend: rng.pick(['▁', ' ', 'ab', 'é']) })],
  [
    4,
    (rng, model) => ({
      type: 'Replace',
      pattern: rng.chance(0.3) ? { String: ' ' } : randomPattern(rng, model.words),
      content: rng.pick(['▁', ' ', '', 'b', 'ab ', '😀']),
    }),
  ],
  [1, bare('ByteLevel')],
];

const PRE_TOKENIZERS: (readonly [number, Make])[] = [
  [3, bare('BertPreTokenizer')],
  [2, byteLevel],
  [2, bare('Whitespace')],
  [2, bare('WhitespaceSplit')],
  [2, metaspace],
  [2, (rng) => ({ type: 'Digits', individual_digits: rng.chance(0.5) })],
  [2, (rng) => ({ type: 'Punctuation', behavior: rng.pick(BEHAVIORS) })],
  [1, (rng) => ({ type: 'CharDelimiterSplit', delimiter: rng.pick([' ', 'a', '▁', '😀']) })],
  [1, bare('UnicodeScripts')],
  [1, (rng) => ({ type: 'FixedLength', length: rng.int(1, 5) })],
  [
    6,
    (rng, model) => ({
      type: 'Split',
      pattern: randomPattern(rng, model.words),
      behavior: rng.pick(BEHAVIORS),
      invert: rng.chance(0.3),
    }),
  ],
];

const DECODERS: (readonly [number, Make])[] = [
  [2, (rng) => ({ type: 'WordPiece', prefix: rng.pick(['##', '@@', '']), cleanup: rng.chance(0.5) })],
  [2, byteLevel],
  [2, metaspace],
  [1, (rng) => ({ type: 'BPEDecoder', suffix: rng.pick(['</w>', '!', '']) })],
  [
    1,
    (rng) => ({
      type: 'CTC',
      pad_token: rng.pick(['<pad>', 'a', '[UNK]']),
      word_delimiter_token: rng.pick(['|', 'b', ' ']),
      cleanup: rng.chance(0.5),
    }),
  ],
  [2, bare('Fuse')],
  [2, bare('ByteFallback')],
  [1, (rng) => ({ type: 'Strip', content: rng.pick([' ', 'a', '▁']), start: rng.int(0, 2), stop: rng.int(0, 2) })],
  [
    2,
    (rng, model) => ({ type: 'Replace', pattern: randomPattern(rng, model.words), content: rng.pick([' ', '', 'x']) }),
  ],
];

/** A token of the model with its id; post-processors need some. */
function known(rng: Rng, model: GeneratedModel): [string, number] {
  const { vocab } = model.json;
  const entries: [string, number][] = Array.isArray(vocab)
    ? vocab.map((pair, id) => [(pair as Json[])[0] as string, id])
    : (Object.entries(vocab as JsonObject) as [string, number][]);
  return entries.length === 0 || rng.chance(0.03) ? ['[CLS]', 7] : rng.pick(entries);
}

function template(rng: Rng, model: GeneratedModel): JsonObject {
  const specials = rng.list(1, 3, () => known(rng, model));
  const special = (): Json => ({ SpecialToken: { id: rng.pick(specials)[0], type_id: rng.int(0, 2) } });
  const text = (id: string): Json => ({ Sequence: { id, type_id: rng.int(0, 2) } });
  const around = () => rng.list(0, 2, special);
  return {
    type: 'TemplateProcessing',
    single: [...around(), text('A'), ...around()],
    pair: [...around(), text(rng.chance(0.9) ? 'A' : 'B'), ...around(), text(rng.chance(0.9) ? 'B' : 'A'), ...around()],
    special_tokens: Object.fromEntries(
      specials.map(([token, id]) => {
        const ids = rng.chance(0.9) ? [id] : [id, known(rng, model)[1]];
        return [token, { id: token, ids, tokens: ids.map((_, i) => (i === 0 ? token : `${token}+`)) }];
      }),
    ),
  };
}

const POST_PROCESSORS: (readonly [number, Make])[] = [
  [2, (rng, model) => ({ type: 'BertProcessing', sep: known(rng, model), cls: known(rng, model) })],
  [
    2,
    (rng, model) => ({
      type: 'RobertaProcessing',
      sep: known(rng, model),
      cls: known(rng, model),
      trim_offsets: rng.chance(0.5),
      add_prefix_space: rng.chance(0.5),
    }),
  ],
  [5, template],
  [2, byteLevel],
];

/** Each list with sequences, which may hold sequences. */
function nested(key: string, makers: readonly (readonly [number, Make])[]): (readonly [number, Make])[] {
  const weight = makers.reduce((sum, [w]) => sum + w, 0);
  const inner = sequence(key, makers);
  return [...makers, [weight / 3, sequence(key, [...makers, [1, inner]])]];
}

const ALL = {
  normalizer: nested('normalizers', NORMALIZERS),
  pre_tokenizer: nested('pretokenizers', PRE_TOKENIZERS),
  post_processor: nested('processors', POST_PROCESSORS),
  decoder: nested('decoders', DECODERS),
};

/** What usually stands beside a model of this spelling. */
function usual(kind: keyof typeof ALL, rng: Rng, model: GeneratedModel): JsonObject | undefined {
  const { spelling } = model;
  if (kind === 'pre_tokenizer' && spelling === 'bytes') return byteLevel(rng);
  if (kind === 'pre_tokenizer' && spelling === 'metaspace') return metaspace(rng);
  if (kind === 'decoder' && spelling === 'bytes') return byteLevel(rng);
  if (kind === 'decoder' && spelling === 'metaspace') return metaspace(rng);
  return undefined;
}

export function randomPart(kind: keyof typeof ALL, rng: Rng, model: GeneratedModel): Json {
  const expected = rng.chance(0.6) ? usual(kind, rng, model) : undefined;
  if (expected !== undefined) return expected;
  if (rng.chance(kind === 'pre_tokenizer' ? 0.15 : 0.4)) return null;
  return rng.weighted(ALL[kind])(rng, model);
}

export function randomTruncation(rng: Rng): Json {
  if (rng.chance(0.6)) return null;
  return {
    direction: rng.pick(['Right', 'Left']),
    max_length: rng.pick([0, 1, 2, 3, 4, 6, 8, 12, 20]),
    strategy: rng.pick(['LongestFirst', 'LongestFirst', 'OnlyFirst', 'OnlySecond']),
    stride: rng.pick([0, 0, 1, 2, 3]),
  };
}

export function randomPadding(rng: Rng): Json {
  if (rng.chance(0.65)) return null;
  return {
    strategy: rng.chance(0.5) ? 'BatchLongest' : { Fixed: rng.int(0, 24) },
    direction: rng.pick(['Right', 'Left']),
    pad_to_multiple_of: rng.pick([null, null, 1, 4, 8]),
    pad_id: rng.int(0, 5),
    pad_type_id: rng.int(0, 2),
    pad_token: rng.pick(['[PAD]', '<pad>', 'a']),
  };
}
