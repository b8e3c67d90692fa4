import type { JsonObject } from '../../../src/index.js';
import type { Rng } from '../rng.js';

export type Kind = 'bpe' | 'wordpiece' | 'unigram' | 'wordlevel';

/** One training, with the options as this package names them. */
export interface TrainingCase {
  model: Kind;
  texts: string[];
  normalizer: JsonObject | null;
  preTokenizer: JsonObject | null;
  options: { [name: string]: number | string | string[] };
}

const POOLS = [
  [...'ab'],
  [...'aab '],
  [...'abcdefgh  '],
  [...'etaoinshrdlu   .,!'],
  [...'ÀÉñüßİς Éé'],
  [...'東京大学中文字符 的的的'],
  [...'😀👍𐐀𝐀\ue000\uffee a'],
  [...'.,-!?() \t\n\r'],
  ['the ', 'cat ', 'and ', 'ing', 'un', 'er ', 's', ' '],
  ['## ', 'a', '##', '</w>', '<unk>', '_', '▁'],
  ['constructor ', '__proto__ ', 'a'],
];

const BYTE_LEVEL = { type: 'ByteLevel', trim_offsets: true };

function preTokenizer(rng: Rng): JsonObject | null {
  return rng.weighted<JsonObject | null>([
    [1, null],
    [4, { type: 'WhitespaceSplit' }],
    [2, { type: 'Whitespace' }],
    [3, { type: 'BertPreTokenizer' }],
    [2, { ...BYTE_LEVEL, add_prefix_space: rng.chance(0.5), use_regex: rng.chance(0.8) }],
    [1, { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'BertPreTokenizer' }] }],
  ]);
}

function normalizer(rng: Rng): JsonObject | null {
  const bert = {
    type: 'BertNormalizer',
    clean_text: rng.chance(0.7),
    handle_chinese_chars: rng.chance(0.7),
    strip_accents: rng.pick([null, true, false]),
    lowercase: rng.chance(0.6),
  };
  return rng.weighted<JsonObject | null>([
    [4, null],
    [3, bert],
    [1, { type: 'Lowercase' }],
    [1, { type: 'NFKC' }],
    [1, { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }] }],
  ]);
}

/** Words of a small vocabulary, some often and most seldom, among characters at random. */
function texts(rng: Rng, prose: readonly string[]): string[] {
  if (prose.length > 0 && rng.chance(0.3)) {
    const from = rng.int(0, prose.length - 1);
    return prose.slice(from, from + rng.int(1, 120));
  }
  const pools = rng.sample(POOLS, rng.int(1, 3));
  const piece = () => rng.pick(rng.pick(pools));
  const words = rng.list(1, 30, () => rng.list(1, 8, piece).join(''));
  return rng.list(0, 25, () =>
    rng
      .list(0, 30, () => (rng.chance(0.7) ? words[Math.floor(rng.next() ** 3 * words.length)] : piece()))
      .join(rng.pick(['', ' ', ' '])),
  );
}

function common(rng: Rng): TrainingCase['options'] {
  const options: TrainingCase['options'] = {};
  if (rng.chance(0.9)) options.vocabSize = rng.pick([1, 5, rng.int(1, 60), rng.int(30, 300), rng.int(100, 2000)]);
  if (rng.chance(0.5))
    options.specialTokens = rng.sample(['<s>', '[UNK]', 'a', '_', 'the', '##a', '中', ' '], rng.int(0, 4));
  return options;
}

const ALPHABET = [...'abcxyz東😀ß #'];

function mergeOptions(rng: Rng, model: Kind): TrainingCase['options'] {
  const options = common(rng);
  if (rng.chance(0.5)) options.minFrequency = rng.int(0, 4);
  if (rng.chance(0.25)) options.limitAlphabet = rng.int(1, 30);
  if (rng.chance(0.3)) options.initialAlphabet = rng.sample(ALPHABET, rng.int(0, 6));
  if (model === 'bpe' && rng.chance(0.3)) options.maxTokenLength = rng.int(1, 8);
  if (rng.chance(model === 'bpe' ? 0.2 : 0.3)) options.continuingSubwordPrefix = rng.pick(['##', '#', 'a', '']);
  if (rng.chance(0.2)) options.endOfWordSuffix = rng.pick(['</w>', '$', 'a']);
  return options;
}

function unigramOptions(rng: Rng): TrainingCase['options'] {
  const options = common(rng);
  if (rng.chance(0.3)) options.initialAlphabet = rng.sample(ALPHABET, rng.int(0, 6));
  if (rng.chance(0.5)) options.unkToken = rng.pick(['<unk>', '[UNK]', '<s>']);
  if (rng.chance(0.3)) options.shrinkingFactor = rng.pick([0.5, 0.75, 0.9]);
  if (rng.chance(0.3)) options.nSubIterations = rng.int(1, 3);
  if (rng.chance(0.3)) options.maxPieceLength = rng.int(1, 20);
  if (rng.chance(0.3)) options.seedSize = rng.int(1, 500);
  return options;
}

export function randomCase(rng: Rng, models: readonly Kind[], prose: readonly string[]): TrainingCase {
  const model = rng.pick(models);
  const options =
    model === 'unigram' ? unigramOptions(rng) : model === 'wordlevel' ? common(rng) : mergeOptions(rng, model);
  if (model === 'wordlevel' && rng.chance(0.5)) options.minFrequency = rng.int(0, 4);
  return { model, texts: texts(rng, prose), normalizer: normalizer(rng), preTokenizer: preTokenizer(rng), options };
}
