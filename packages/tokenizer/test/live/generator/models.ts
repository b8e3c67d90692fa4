import type { JsonObject } from '../../../src/index.js';
import { byteAlphabet } from '../../../src/text/byte-alphabet.js';
import type { Rng } from '../rng.js';
import { alphabet } from './text.js';

/** A model and words that it knows, without decorations, for texts to be made of. */
export interface GeneratedModel {
  json: JsonObject;
  words: string[];
  /** What the pieces are spelt in; other components are chosen to fit. */
  spelling: 'plain' | 'bytes' | 'metaspace';
}

const UNKNOWN = ['[UNK]', '<unk>', 'a', '__proto__'];

/** Ids by order, or shuffled. With holes, added tokens would get ids that others have; that is nobody's wish. */
function numbered(rng: Rng, tokens: Iterable<string>): JsonObject {
  const list = [...new Set(tokens)];
  const ids = list.map((_, i) => i);
  if (rng.chance(0.2)) rng.shuffle(ids);
  // fromEntries defines own properties, whatever their names.
  return Object.fromEntries(list.map((token, i) => [token, ids[i]]));
}

function randomWord(rng: Rng, letters: readonly string[]): string {
  return rng.list(1, rng.pick([2, 4, 8]), () => rng.pick(letters)).join('');
}

function byteTokens(rng: Rng): string[] {
  const all = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  return rng.chance(0.7) ? all : rng.sample(all, rng.int(0, 200));
}

interface Decorations {
  prefix: string | null;
  suffix: string | null;
}

/** Merges of tokens that exist by then, and the tokens that they make. */
function merges(rng: Rng, symbols: readonly string[], { prefix, suffix }: Decorations): [string, string][] {
  const known = [...symbols];
  const out = new Map<string, [string, string]>();
  const wanted = rng.pick([0, 3, 12, 40]);
  for (let i = 0; i < wanted && known.length > 0; i++) {
    const left = rng.pick(known);
    const right = rng.pick(known);
    if (suffix !== null && left.endsWith(suffix)) continue;
    if (prefix !== null && !right.startsWith(prefix)) continue;
    if ([...left, ...right].length > 12) continue;
    out.set(JSON.stringify([left, right]), [left, right]);
    known.push(left + (prefix === null ? right : right.slice(prefix.length)));
  }
  return [...out.values()];
}

/** Symbols of single characters in all the forms that the decorations ask for. */
function symbolsOf(rng: Rng, letters: readonly string[], { prefix, suffix }: Decorations): string[] {
  const kept = letters.filter(() => rng.chance(0.9));
  return kept.flatMap((letter) => {
    const forms = [letter];
    if (prefix !== null) forms.push(prefix + letter);
    if (suffix !== null) forms.push(letter + suffix);
    if (prefix !== null && suffix !== null) forms.push(prefix + letter + suffix);
    return forms;
  });
}

function bpe(rng: Rng): GeneratedModel {
  const spelling = rng.weighted([
    [3, 'plain' as const],
    [4, 'bytes' as const],
    [3, 'metaspace' as const],
  ]);
  const plain = spelling === 'plain';
  const prefix = plain && rng.chance(0.3) ? rng.pick(['##', '@', 'é']) : null;
  const suffix = plain && rng.chance(0.3) ? rng.pick(['</w>', '!', '##']) : null;
  const letters = alphabet(rng);
  if (spelling === 'metaspace') letters.push('▁', '▁');
  const alphabetOf =
    spelling === 'bytes' ? (rng.chance(0.9) ? byteAlphabet() : rng.sample(byteAlphabet(), 180)) : letters;
  const symbols = symbolsOf(rng, alphabetOf, { prefix, suffix });
  const favoured =
    spelling === 'bytes' ? [...'abcdehlortĠĠÃ©Ċ', 'ð', 'Ł', 'ä', 'º'].filter((c) => symbols.includes(c)) : symbols;
  const pairs = merges(rng, favoured, { prefix, suffix });
  const merged = pairs.map(([left, right]) => left + (prefix === null ? right : right.slice(prefix.length)));
  // With affixes the library counts their bytes as text, and gives places beyond its end.
  const byteFallback = prefix === null && suffix === null && rng.chance(spelling === 'metaspace' ? 0.6 : 0.1);
  const unk = rng.chance(0.6) ? rng.pick(UNKNOWN) : null;
  const tokens = [...symbols, ...merged];
  if (unk !== null && rng.chance(0.95)) tokens.unshift(unk);
  if (byteFallback) tokens.push(...byteTokens(rng));
  const whole = rng.list(0, 4, () => randomWord(rng, letters));
  tokens.push(...whole);
  const json: JsonObject = {
    type: 'BPE',
    dropout: null,
    unk_token: unk,
    continuing_subword_prefix: prefix,
    end_of_word_suffix: suffix,
    fuse_unk: rng.chance(0.4),
    byte_fallback: byteFallback,
    ignore_merges: rng.chance(0.3),
    vocab: numbered(rng, tokens),
    merges: pairs,
  };
  const bare = (token: string) => {
    const start = prefix !== null && token.startsWith(prefix) ? prefix.length : 0;
    const end = suffix !== null && token.endsWith(suffix) ? token.length - suffix.length : token.length;
    return token.slice(start, Math.max(start, end)).replaceAll('▁', ' ').replaceAll('Ġ', ' ');
  };
  return { json, words: [...merged.map(bare), ...whole, ...letters], spelling };
}

function wordPiece(rng: Rng): GeneratedModel {
  const prefix = rng.pick(['##', '##', '', '@@', '▁']);
  const letters = alphabet(rng);
  const words = rng.list(2, 20, () => randomWord(rng, letters));
  const unk = rng.pick(UNKNOWN);
  const tokens = [
    ...letters.filter(() => rng.chance(0.8)),
    ...letters.filter(() => rng.chance(0.8)).map((c) => prefix + c),
  ];
  for (const word of words) tokens.push(rng.chance(0.6) ? word : prefix + word);
  if (rng.chance(0.97)) tokens.unshift(unk);
  const json: JsonObject = {
    type: 'WordPiece',
    unk_token: unk,
    continuing_subword_prefix: prefix,
    max_input_chars_per_word: rng.pick([100, 100, 1, 4, 8]),
    vocab: numbered(rng, tokens),
  };
  return { json, words: [...words, ...letters], spelling: rng.chance(0.1) ? 'metaspace' : 'plain' };
}

function wordLevel(rng: Rng): GeneratedModel {
  const letters = alphabet(rng);
  const words = rng.list(0, 20, () => randomWord(rng, letters));
  const unk = rng.pick(UNKNOWN);
  const tokens = [...words, ...letters.slice(0, 5), '.', ' '];
  if (rng.chance(0.8)) tokens.unshift(unk);
  return {
    json: { type: 'WordLevel', vocab: numbered(rng, tokens), unk_token: unk },
    words: [...words, ...letters],
    spelling: rng.chance(0.1) ? 'bytes' : 'plain',
  };
}

function unigram(rng: Rng): GeneratedModel {
  const spelling = rng.weighted([
    [6, 'metaspace' as const],
    [3, 'plain' as const],
    [1, 'bytes' as const],
  ]);
  const letters = alphabet(rng);
  if (spelling === 'metaspace') letters.push('▁', '▁');
  if (spelling === 'bytes') letters.push('Ġ');
  const words = rng.list(1, 24, () => randomWord(rng, letters));
  const byteFallback = rng.chance(0.4);
  const tokens = [...letters.filter(() => rng.chance(0.85)), ...words];
  if (byteFallback) tokens.push(...byteTokens(rng));
  const score = () => (rng.chance(0.2) ? -rng.int(0, 6) : -Math.round(rng.next() * 1000) / 100);
  const unknown = rng.chance(0.85);
  const list = [...new Set(tokens)].map((token) => [token, score()]);
  if (unknown) list.unshift(['<unk>', rng.pick([0, score()])]);
  // Rarely a piece twice, or none at all.
  if (rng.chance(0.05) && list.length > 1) list.push([list[1][0], score()]);
  const json: JsonObject = {
    type: 'Unigram',
    unk_id: unknown && list.length > 0 ? (rng.chance(0.9) ? 0 : rng.int(0, list.length - 1)) : null,
    vocab: list,
    byte_fallback: byteFallback,
  };
  return { json, words: [...words.map((word) => word.replaceAll('▁', ' ')), ...letters], spelling };
}

export function randomModel(rng: Rng): GeneratedModel {
  return rng.weighted([
    [4, bpe],
    [3, wordPiece],
    [1, wordLevel],
    [2, unigram],
  ])(rng);
}
