import { completeToken } from '../added-tokens/added-token.js';
import { ByteLevelDecoder } from '../decoders/byte-level.js';
import { TokenizerError } from '../errors.js';
import { readTiktokenRanks } from '../formats/tiktoken-ranks.js';
import { Bpe } from '../models/bpe.js';
import { mergesOfRanks } from '../models/rank-merges.js';
import { Vocabulary } from '../models/vocabulary.js';
import { checkChoice, checkInteger, checkOptions } from '../options.js';
import { readPattern } from '../patterns/pattern.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import { knownPretokens } from '../pre-tokenizers/known-patterns.js';
import type { PreTokenizer } from '../pre-tokenizers/pre-tokenizer.js';
import { SequencePreTokenizer } from '../pre-tokenizers/sequence.js';
import { SplitPreTokenizer } from '../pre-tokenizers/split.js';
import type { TokenizerParts } from '../tokenizer-core.js';

/** The encodings that tiktoken names. */
export const TIKTOKEN_ENCODINGS = [
  'r50k_base',
  'p50k_base',
  'p50k_edit',
  'cl100k_base',
  'o200k_base',
  'o200k_harmony',
] as const;

/** An encoding that tiktoken names. */
export type TiktokenEncoding = (typeof TIKTOKEN_ENCODINGS)[number];

export interface TiktokenOptions {
  /** The content of a `.tiktoken` file. */
  ranks: Uint8Array | string;
  /** Gives pattern and special tokens. */
  encoding?: TiktokenEncoding;
  /** The regular expression whose matches are the pieces, where no encoding is given. Read as Oniguruma reads it. */
  pattern?: string;
  /** Special tokens and their ids; those of the encoding by default. */
  specialTokens?: Iterable<readonly [token: string, id: number]>;
}

const CL100K = String.raw`'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`;
const O200K_WORDS = [
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
  String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?`,
];
const O200K_REST = String.raw`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Undefined: GPT-2's, which ByteLevel has in itself. */
function patternOf(encoding: TiktokenEncoding): string | undefined {
  if (encoding === 'cl100k_base') return CL100K;
  return encoding.startsWith('o200k') ? [...O200K_WORDS, O200K_REST].join('|') : undefined;
}

function specialTokensOf(encoding: TiktokenEncoding): Map<string, number> {
  const fim = (from: number): [string, number][] =>
    ['prefix', 'middle', 'suffix'].map((name, i) => [`<|fim_${name}|>`, from + i]);
  switch (encoding) {
    case 'r50k_base':
    case 'p50k_base':
      return new Map([['<|endoftext|>', 50256]]);
    case 'p50k_edit':
      return new Map([['<|endoftext|>', 50256], ...fim(50281)]);
    case 'cl100k_base':
      return new Map([['<|endoftext|>', 100257], ...fim(100258), ['<|endofprompt|>', 100276]]);
    case 'o200k_base':
      return new Map([
        ['<|endoftext|>', 199999],
        ['<|endofprompt|>', 200018],
      ]);
    case 'o200k_harmony':
      return harmonyTokens();
  }
}

/**
 * The tokens of OpenAI's message format; the rest of the ids up to 201,087 is reserved. (tiktoken has a reserved token beside
 * `<|endofprompt|>` for the same id; here every id is one token.)
 */
function harmonyTokens(): Map<string, number> {
  const tokens = new Map([
    ['<|startoftext|>', 199998],
    ['<|endoftext|>', 199999],
    ['<|return|>', 200002],
    ['<|constrain|>', 200003],
    ['<|channel|>', 200005],
    ['<|start|>', 200006],
    ['<|end|>', 200007],
    ['<|message|>', 200008],
    ['<|call|>', 200012],
    ['<|endofprompt|>', 200018],
  ]);
  const named = new Set(tokens.values());
  for (let id = 200000; id < 201088; id++) if (!named.has(id)) tokens.set(`<|reserved_${id}|>`, id);
  return tokens;
}

/** The known patterns cover every text; what others do not match is dropped, as tiktoken does. */
function preTokenizerOf(pattern: string | undefined): PreTokenizer {
  const byteLevel = { addPrefixSpace: false, trimOffsets: true, useRegex: pattern === undefined };
  if (pattern === undefined) return new ByteLevelPreTokenizer(byteLevel);
  const known = knownPretokens(pattern, 'rust') !== undefined;
  // What Rust's crates take for a possessive quantifier, Oniguruma takes for a repeated one.
  const source = known ? pattern.replaceAll('{1,3}+', '{1,3}') : pattern;
  const split = new SplitPreTokenizer({
    pattern: readPattern({ Regex: source }, 'tiktokenTokenizer: pattern'),
    behavior: known ? 'Isolated' : 'Removed',
    invert: !known,
  });
  return new SequencePreTokenizer([split, new ByteLevelPreTokenizer(byteLevel)]);
}

function invalid(what: string): TokenizerError {
  return new TokenizerError('TOKENIZER_OPTION_INVALID', `tiktokenTokenizer: ${what}.`);
}

/**
 * A tokenizer of OpenAI's tiktoken over its file of ranks: byte-level BPE that merges by rank, and takes pieces that are
 * tokens whole.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED` with the line of the ranks; `TOKENIZER_OPTION_INVALID`
 */
export function tiktokenParts(options: TiktokenOptions): TokenizerParts {
  checkOptions(options, ['ranks', 'encoding', 'pattern', 'specialTokens'], 'tiktokenTokenizer');
  const { encoding, pattern } = options;
  if ((encoding === undefined) === (pattern === undefined)) throw invalid('give either encoding or pattern');
  if (encoding !== undefined) checkChoice(encoding, TIKTOKEN_ENCODINGS, 'encoding');
  const ranks = readTiktokenRanks(options.ranks);
  const special = new Map(options.specialTokens ?? (encoding === undefined ? [] : specialTokensOf(encoding)));
  const ids = new Map(ranks);
  for (const [token, id] of special) {
    checkInteger(id, 0, `the id of the special token "${token}"`);
    if (token === '' || ranks.has(token)) throw invalid(`"${token}" cannot be a special token; the ranks have it`);
    ids.set(token, id);
  }
  const byteLevel = { addPrefixSpace: true, trimOffsets: true, useRegex: true };
  return {
    preTokenizer: preTokenizerOf(encoding === undefined ? pattern : patternOf(encoding)),
    model: new Bpe({
      vocabulary: new Vocabulary(ids, 'tiktokenTokenizer'),
      merges: mergesOfRanks(ranks),
      ignoreMerges: true,
    }),
    decoder: new ByteLevelDecoder(byteLevel),
    addedTokens: [...special.keys()].map((token) => completeToken(token, true)),
  };
}
