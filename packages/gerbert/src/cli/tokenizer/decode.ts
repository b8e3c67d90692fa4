import type { Tokenizer } from '@gerbert/tokenizer';
import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { answerAll } from './answers.js';
import { boolean, fieldsOf, kindOf, optional, parseLine } from './json-line.js';
import { LineError } from './lines.js';
import { load, tokenizerFlag } from './load.js';

interface Flags {
  tokenizer?: string;
  json?: boolean;
  keepSpecialTokens?: boolean;
}

const help = `
Reads lines of ids, with spaces or commas between them, and prints a text for each. With --json a line is
{ "ids", "skipSpecialTokens"? } and becomes { "text" }, or { "error": { "code", "message", "line" } } where it cannot
be decoded; the exit code is then 1 in the end. An id behind the last one of the vocabulary is an error: it is some
other tokenizer's. An id in between that no token has is left out.

Examples:
  gerbert tokenizer decode --tokenizer my-bert 101 2040 2626 102
  gerbert tokenizer encode --tokenizer my-gpt --ids "any text" | gerbert tokenizer decode --tokenizer my-gpt
  gerbert tokenizer decode --tokenizer my-bert --json < ids.jsonl`;

/** `gerbert tokenizer decode`: ids to texts, line by line. */
export function decodeCommand(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  return new Command('decode')
    .description('turn ids into text')
    .argument('[id...]', 'ids of one text; without any, the lines of the standard input')
    .option(...tokenizerFlag)
    .option('--json', 'lines of JSON in and out')
    .option('--keep-special-tokens', 'leave tokens such as [CLS] in the text')
    .addHelpText('after', help)
    .action(async (ids: string[], flags: Flags) => end(await decode(ids, flags, surroundings)));
}

async function decode(words: string[], flags: Flags, surroundings: Surroundings): Promise<number> {
  const { json = false, keepSpecialTokens = false } = flags;
  const tokenizer = await load(flags.tokenizer);
  const last = lastId(tokenizer);
  const answer = (ids: readonly unknown[], skipSpecialTokens = !keepSpecialTokens): string => {
    const text = tokenizer.decode(checked(ids, last), { skipSpecialTokens });
    return json ? JSON.stringify({ text }) : text;
  };
  return answerAll({
    ...surroundings,
    json,
    words: words.length === 0 ? [] : [words.join(' ')],
    answerWord: (ids) => answer(numbers(ids)),
    answer(line) {
      if (!json) return answer(numbers(line));
      const fields = fieldsOf(parseLine(line), ['ids', 'skipSpecialTokens'], 'an object with "ids"');
      const ids = fields.get('ids');
      if (!Array.isArray(ids)) throw new LineError('LINE_INVALID', `"ids" must be an array, not ${kindOf(ids)}.`);
      return answer(ids, optional(fields, 'skipSpecialTokens', boolean));
    },
  });
}

/** The highest id that is a token's. */
function lastId(tokenizer: Tokenizer): number {
  let last = -1;
  for (const id of tokenizer.vocab().values()) last = Math.max(last, id);
  return last;
}

/** Words of digits as numbers; any other as it is, to be named as the mistake. */
function numbers(line: string): (number | string)[] {
  const words = line.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => (/^\d+$/.test(word) ? Number(word) : word));
}

/** @throws LineError `LINE_INVALID` unless all are integers from 0 to `last` */
function checked(ids: readonly unknown[], last: number): Int32Array {
  return Int32Array.from(ids, (id, i) => {
    if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id <= last) return id;
    const what = typeof id === 'string' ? JSON.stringify(id.slice(0, 30)) : kindOf(id);
    throw new LineError('LINE_INVALID', `The ids must be integers from 0 to ${last}; number ${i + 1} is ${what}.`);
  });
}
