import type { Json, JsonObject, Tokenizer } from '@gerbert/tokenizer';
import { Command } from 'commander';
import { count } from '../options.js';
import type { Surroundings } from '../surroundings.js';
import { table } from '../table.js';
import { type Colors, colorsFor, plain, write } from '../terminal.js';
import { load, tokenizerFlag } from './load.js';

interface Flags {
  tokenizer?: string;
  json?: boolean;
  token?: string[];
  id?: number[];
  text?: string;
}

const help = `
Examples:
  gerbert tokenizer inspect --tokenizer my-bert
  gerbert tokenizer inspect --tokenizer my-bert --text "Who wrote the letters?" --token '[MASK]' --id 101 102
  gerbert tokenizer inspect --tokenizer my-bert --json`;

/** `gerbert tokenizer inspect`: what a tokenizer is made of. */
export function inspectCommand({ stdout }: Surroundings): Command {
  return new Command('inspect')
    .description('show what a tokenizer is made of, and what it makes of a text')
    .option(...tokenizerFlag)
    .option('--json', 'print one JSON document')
    .option('--token <token...>', 'look up the ids of tokens')
    .option('--id <id...>', 'look up the tokens of ids', (value, before: number[] = []) => [...before, count(value)])
    .option('--text <text>', 'show how a text is divided')
    .addHelpText('after', help)
    .action(async (flags: Flags) => {
      const found = inspect(await load(flags.tokenizer), flags);
      const text = flags.json ? JSON.stringify(found) : forPeople(found, colorsFor(stdout)).join('\n');
      await write(stdout, `${text}\n`);
    });
}

/** A word of a text and the tokens it became; offsets in UTF-16 units. */
interface Word {
  text: string;
  offsets: [number, number];
  tokens: string[];
  ids: number[];
}

interface Inspection {
  model: JsonObject;
  vocabSize: number;
  highestId: number;
  normalizer: Json;
  preTokenizer: Json;
  postProcessor: Json;
  decoder: Json;
  truncation: Json;
  padding: Json;
  addedTokens: { id: number; content: string; special: boolean }[];
  tokens?: { token: string; id: number | null }[];
  ids?: { id: number; token: string | null }[];
  words?: Word[];
}

function inspect(tokenizer: Tokenizer, { token, id, text }: Flags): Inspection {
  const { model, ...json } = tokenizer.toJSON();
  let highestId = -1;
  for (const each of tokenizer.vocab().values()) highestId = Math.max(highestId, each);
  const found: Inspection = {
    model: modelOf(model as JsonObject),
    vocabSize: tokenizer.vocabSize,
    highestId,
    normalizer: json.normalizer,
    preTokenizer: json.pre_tokenizer,
    postProcessor: json.post_processor,
    decoder: json.decoder,
    truncation: json.truncation,
    padding: json.padding,
    addedTokens: [...tokenizer.addedTokens()].map(([id, { content, special }]) => ({ id, content, special })),
  };
  if (token !== undefined) {
    found.tokens = token.map((each) => ({ token: each, id: tokenizer.tokenToId(each) ?? null }));
  }
  if (id !== undefined) found.ids = id.map((each) => ({ id: each, token: tokenizer.idToToken(each) ?? null }));
  if (text !== undefined) found.words = wordsOf(tokenizer, text);
  return found;
}

/** The model without its long lists, of which only the lengths are told. */
function modelOf(model: JsonObject): JsonObject {
  const short = ([key, value]: [string, Json]): [string, Json] => {
    if (key === 'vocab' || key === 'merges') return [key, Object.keys(value as object).length];
    return [key, value];
  };
  return Object.fromEntries(Object.entries(model).map(short));
}

function wordsOf(tokenizer: Tokenizer, text: string): Word[] {
  const encoding = tokenizer.encode(text, { addSpecialTokens: false, truncation: null, padding: null });
  const words: Word[] = [];
  let last: number | null = null;
  encoding.wordIds.forEach((word, i) => {
    const [start, end] = encoding.offsets[i];
    if (word !== last || words.length === 0) words.push({ text: '', offsets: [start, end], tokens: [], ids: [] });
    last = word;
    const current = words[words.length - 1];
    current.offsets = [Math.min(current.offsets[0], start), Math.max(current.offsets[1], end)];
    current.text = text.slice(...current.offsets);
    current.tokens.push(encoding.tokens[i]);
    current.ids.push(encoding.ids[i]);
  });
  return words;
}

function forPeople(found: Inspection, { bold, dim }: Colors): string[] {
  const { model, vocabSize, highestId, addedTokens } = found;
  const { type, vocab, ...settings } = model;
  const special = addedTokens.filter((token) => token.special).map(({ id, content }) => `${plain(content)} ${id}`);
  const others = addedTokens.filter((token) => !token.special).length;
  const rows = [
    ['model', [String(type), ...Object.entries(settings).map(setting)].join(', ')],
    ['vocabulary', `${vocabSize} tokens, ${vocab} of the model; the highest id is ${highestId}`],
    ['special tokens', special.join('  ') || 'none'],
    ['other added tokens', String(others)],
    ['normalizer', component(found.normalizer)],
    ['pre-tokenizer', component(found.preTokenizer)],
    ['post-processor', component(found.postProcessor)],
    ['decoder', component(found.decoder)],
    ['truncation', component(found.truncation)],
    ['padding', component(found.padding)],
  ];
  const lines = table(rows);
  for (const { token, id } of found.tokens ?? []) lines.push(`${plain(token)} → ${id ?? 'no token'}`);
  for (const { id, token } of found.ids ?? []) lines.push(`${id} → ${token === null ? 'no token' : plain(token)}`);
  if (found.words !== undefined) lines.push('', bold('WORD → TOKENS'));
  for (const { text, offsets, tokens, ids } of found.words ?? []) {
    const parts = tokens.map((token, i) => `${plain(token)} ${dim(String(ids[i]))}`);
    lines.push(`${plain(text)} ${dim(offsets.join('–'))} → ${parts.join('  ')}`);
  }
  return lines;
}

function setting([key, value]: [string, Json]): string {
  return `${key} ${typeof value === 'string' ? plain(value) : JSON.stringify(value)}`;
}

/** A component in short: its type and what it is set to. */
function component(json: Json): string {
  if (json === null) return 'none';
  if (typeof json !== 'object' || Array.isArray(json)) return brief(json);
  const { type, ...rest } = json;
  const name = typeof type === 'string' ? type : '';
  const inner = ['normalizers', 'pretokenizers', 'processors', 'decoders'].find((key) => Array.isArray(rest[key]));
  if (inner !== undefined) return (rest[inner] as Json[]).map(component).join(' · ');
  const settings = Object.entries(rest).map(([key, value]) => `${key} ${brief(value)}`);
  if (name === '') return settings.join(', ');
  return settings.length === 0 ? name : `${name} (${settings.join(', ')})`;
}

function brief(json: Json): string {
  const text = plain(JSON.stringify(json));
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
