import type { EncodeOptions, Encoding } from '@gerbert/tokenizer';
import { Command } from 'commander';
import { UsageError } from '../errors.js';
import type { Surroundings } from '../surroundings.js';
import { type Colors, colorsFor, plain } from '../terminal.js';
import { answerAll } from './answers.js';
import { addEncodeFlags, type EncodeFlags, encodeOptions } from './encode-flags.js';
import { encodingJson } from './encoding-json.js';
import { boolean, fieldsOf, kindOf, optional, parseLine, string } from './json-line.js';
import { LineError } from './lines.js';
import { load, tokenizerFlag } from './load.js';

interface Flags extends EncodeFlags {
  tokenizer?: string;
  json?: boolean;
  ids?: boolean;
  codePoints?: boolean;
}

const help = `
Reads the standard input where no text is given. Lines end at \\n and nowhere else; without --json every line is a text,
also an empty one, and a \\r in front of the \\n belongs to it.

With --json a line is a string, or { "text", "pair"?, "addSpecialTokens"? }, and becomes a line
  { "ids", "tokens", "typeIds", "attentionMask", "specialTokensMask", "wordIds", "sequenceIds", "offsets": [[start, end], …], "overflowing": […] }
with offsets in UTF-16 units, or { "error": { "code", "message", "line" } } where it cannot be encoded; the exit code is
then 1 in the end.

Examples:
  gerbert tokenizer encode --tokenizer my-bert "Who wrote it?" --pair "Mary did."
  gerbert tokenizer encode --tokenizer my-gpt --ids < book.txt
  gerbert tokenizer encode --tokenizer my-bert --json --max-length 128 --stride 32 < texts.jsonl`;

/** `gerbert tokenizer encode`: texts to tokens, line by line. */
export function encodeCommand(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  const command = new Command('encode')
    .description('turn texts into tokens and ids')
    .argument('[text...]', 'texts; without any, the lines of the standard input')
    .option(...tokenizerFlag)
    .option('--json', 'lines of JSON in and out')
    .option('--ids', 'print ids and nothing else')
    .option('--code-points', 'count offsets in code points, as Python does (with --json)');
  return addEncodeFlags(command)
    .addHelpText('after', help)
    .action(async (texts: string[], flags: Flags) => end(await encode(texts, flags, surroundings)));
}

async function encode(texts: string[], flags: Flags, surroundings: Surroundings): Promise<number> {
  const { json = false, ids = false, codePoints = false } = flags;
  if (json && ids) throw new UsageError('OPTION_INVALID', '--json has the ids in it already; leave --ids out.');
  if (codePoints && !json)
    throw new UsageError('OPTION_INVALID', '--code-points needs --json: without it no offsets are printed.');
  const tokenizer = await load(flags.tokenizer);
  const options = encodeOptions(flags, tokenizer);
  const colors = colorsFor(surroundings.stdout);
  const answer = (asked: Asked): string => {
    const encoding = tokenizer.encode(asked.text, { ...options, ...asked.options });
    if (ids) return encoding.ids.join(' ');
    if (!json) return forPeople(encoding, colors);
    return encodingJson(encoding, codePoints);
  };
  return answerAll({
    ...surroundings,
    json,
    words: texts,
    answerWord: (text) => answer({ text }),
    answer: (line) => answer(json ? asked(parseLine(line)) : { text: line }),
  });
}

interface Asked {
  text: string;
  options?: EncodeOptions;
}

/** @throws LineError `LINE_INVALID` */
function asked(line: unknown): Asked {
  if (typeof line === 'string') return { text: line };
  const fields = fieldsOf(line, ['text', 'pair', 'addSpecialTokens'], 'a string or an object with "text"');
  const text = fields.get('text');
  if (typeof text !== 'string') throw new LineError('LINE_INVALID', `"text" must be a string, not ${kindOf(text)}.`);
  const options: EncodeOptions = {};
  const pair = optional(fields, 'pair', string);
  const addSpecialTokens = optional(fields, 'addSpecialTokens', boolean);
  if (pair !== undefined) options.pair = pair;
  if (addSpecialTokens !== undefined) options.addSpecialTokens = addSpecialTokens;
  return { text, options };
}

/** `[CLS] 101  who 2040  [SEP] 102`; overflowing parts follow below, each in a line with a + in front. */
function forPeople(encoding: Encoding, colors: Colors): string {
  const line = ({ tokens, ids }: Encoding) =>
    tokens.map((token, i) => `${plain(token)} ${colors.dim(String(ids[i]))}`).join('  ');
  return [line(encoding), ...encoding.overflowing.map((part) => `+ ${line(part)}`)].join('\n');
}
