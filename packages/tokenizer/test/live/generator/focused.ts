import type { Json } from '../../../src/index.js';
import { byteAlphabet } from '../../../src/text/byte-alphabet.js';
import type { Case, Run } from '../case.js';
import { Rng } from '../rng.js';
import { randomModel } from './models.js';
import { randomPart } from './parts.js';
import { randomText } from './text.js';

const BARE = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
};

const PRE_TOKENIZERS: Json[] = [
  null,
  { type: 'WhitespaceSplit' },
  { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
];

/** A model by itself, or behind a plain pre-tokenizer. */
export function modelCase(seed: number): Case {
  const rng = new Rng(seed);
  const model = randomModel(rng);
  const { json } = model;
  // With affixes the library gives offsets of byte tokens beyond the end of the word; this package does not.
  if (json.continuing_subword_prefix || json.end_of_word_suffix) json.byte_fallback &&= false;
  const runs: Run[] = rng.list(8, 16, () => ({ kind: 'encode', text: randomText(rng, model.words), special: false }));
  const preTokenizer = model.spelling === 'bytes' && rng.chance(0.7) ? PRE_TOKENIZERS[2] : rng.pick(PRE_TOKENIZERS);
  return {
    config: { ...BARE, pre_tokenizer: preTokenizer, model: json },
    added: [],
    runs: [{ kind: 'json' }, ...runs],
  };
}

const BYTES = ['E6', '97', 'A5', 'F0', '9F', '98', '80', 'C3', 'A9', 'FF', '41', '20', 'ED', 'A0', 'e6', '+1', 'G0'];
const TOKENS = [
  ...['', ' ', '  ', 'a', 'aa', 'aaa', 'b', 'ab', 'ba', 'x', 'é', '日本', '😀', '\u0301', '\ufffd', '\ufeff', '\0'],
  ...['##a', '##', '##ing', '@@', '@@a', 'a</w>', '</w>', 'b</w>c</w>', '!', 'a!', '!!'],
  ...['▁', '▁a', '▁▁', 'a▁b', '▁</w>', '▁▁a▁', ' a', 'a ', ' a ', '  a  ', '\u00a0'],
  ...[
    '.',
    '?',
    ',',
    ' .',
    ' . .',
    "'",
    "n't",
    " n't",
    "'m",
    "'s",
    "'ve",
    "'re",
    'do not',
    ' do not',
    " ' ",
    'not',
    "a ' b",
  ],
  ...['<pad>', 'a<pad>b', '<pad><pad>', '|', 'a|b', '||', '[UNK]', '<0x4', '<0xé>', '<0x411>', '0x41>'],
  ...BYTES.map((digits) => `<0x${digits}>`),
  ...['Ġ', 'Ċ', 'æĹ¥', 'æ', 'Ĺ', '¥', 'ðŁ', 'ðŁĺĢ', 'ĺ', 'Ģ', 'ÿ', 'À', 'í', 'ł', 'Ã', '©', 'Ġa', 'aĠ'],
];

/** A decoder by itself, over lists of tokens that it does something with. */
export function decoderCase(seed: number): Case {
  const rng = new Rng(seed);
  const tokens = [...new Set([...rng.sample(TOKENS, 40), ...rng.sample(byteAlphabet(), 12)])];
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const model = { type: 'WordLevel', vocab, unk_token: tokens[0] };
  const generated = { json: model, words: tokens, spelling: 'plain' as const };
  const decoder = randomPart('decoder', rng, generated);
  const runs: Run[] = rng.list(10, 30, () => {
    // Few different tokens, so that repeats come.
    const some = rng.list(1, rng.pick([2, 4, 20]), () => rng.int(0, tokens.length - 1));
    const ids = rng.list(0, 20, () => rng.pick(some));
    return { kind: rng.chance(0.5) ? 'decode' : 'stream', ids, skip: rng.chance(0.5) };
  });
  return { config: { ...BARE, decoder, model }, added: [], runs: [{ kind: 'json' }, ...runs] };
}
