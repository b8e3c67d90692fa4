// Tokenizers as tokenizer.json, which all that read that format are given alike.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dataPath, englishTexts } from './texts.mjs';

const present = (...parts) => {
  const file = dataPath(...parts);
  return file !== undefined && existsSync(file) ? file : undefined;
};

/** Files of published vocabularies; undefined where the data folder lacks them. */
export const published = {
  gpt2: () => present('vocab', 'gpt2', 'tokenizer.json'),
  'bert-uncased': () => present('vocab', 'bert', 'bert-base-uncased', 'tokenizer.json'),
  'bert-chinese': () => present('vocab', 'bert', 'bert-base-chinese', 'vocab.txt'),
  cl100k: () => present('vocab', 'tiktoken', 'cl100k_base.tiktoken'),
};

const trainers = {
  gpt2: async (corpus) => (await import('@gerbert/tokenizer')).trainByteLevelBpe(corpus, { vocabSize: 16_000 }),
  'bert-uncased': async (corpus) => (await import('@gerbert/tokenizer')).trainWordPiece(corpus, { vocabSize: 16_000 }),
};

/** Whether `name` is trained on the spot, for want of the published one. */
export const isTrained = (name) => published[name]() === undefined && trainers[name] !== undefined;

/** Where `name` is as tokenizer.json; made in `folder` where it has to be. Null where it cannot be had. */
export async function vocabularyFile(name, folder) {
  const file = published[name]();
  if (file?.endsWith('.json')) return file;
  const made = `${folder}/${name}.json`;
  if (existsSync(made)) return made;
  if (file === undefined && trainers[name] === undefined) return null;
  writeFileSync(made, JSON.stringify(await make(name, file)));
  return made;
}

async function make(name, file) {
  if (file === undefined) return trainers[name](englishTexts().texts.slice(0, 40));
  if (file.endsWith('.tiktoken')) return fromRanks(readFileSync(file, 'utf8'), patterns[name]);
  return (await import('@gerbert/tokenizer/node')).loadTokenizer(file);
}

/** As OpenAI's tiktoken has it (tiktoken_ext/openai_public.py), in the words of tokenizer.json. */
const patterns = {
  cl100k:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
};

/** A tokenizer.json of a rank file: the merge that makes a token is what ranks lower than its own leave of its bytes. */
export function fromRanks(lines, pattern) {
  const characters = byteCharacters();
  const ranks = new Map();
  for (const line of lines.split('\n')) {
    if (line === '') continue;
    const [token, rank] = line.split(' ');
    ranks.set(Buffer.from(token, 'base64').toString('latin1'), Number(rank));
  }
  const spell = (bytes) => Array.from(bytes, (byte) => characters[byte.charCodeAt(0)]).join('');
  const merges = [];
  for (const [token, rank] of ranks) {
    if (token.length === 1) continue;
    const parts = mergedBelow([...token], rank, ranks);
    if (parts.length === 2) merges.push(parts.map(spell));
  }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries([...ranks].map(([token, rank]) => [spell(token), rank])),
      merges,
    },
  };
}

/** Merges the neighbours of lowest rank first, as long as their rank is below `limit`. */
function mergedBelow(parts, limit, ranks) {
  for (;;) {
    let [best, lowest] = [-1, limit];
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = ranks.get(parts[i] + parts[i + 1]) ?? Number.POSITIVE_INFINITY;
      if (rank < lowest) [best, lowest] = [i, rank];
    }
    if (best < 0) return parts;
    parts.splice(best, 2, parts[best] + parts[best + 1]);
  }
}

/** GPT-2's characters for bytes (`bytes_to_unicode`). */
function byteCharacters() {
  const printable = (b) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : next++));
}
