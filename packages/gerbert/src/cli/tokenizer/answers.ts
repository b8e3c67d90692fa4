import { exitCodes, UsageError } from '../errors.js';
import { type Colors, colorsFor, type Output, plain, say, write } from '../terminal.js';
import { type Input, type Line, LineError, linesOf } from './lines.js';

/** Answers to lines, in their order. */
export interface Answering {
  input: Input;
  stdout: Output;
  stderr: Output;
  /** Errors as a line of JSON in the place of the answer, rather than for people. */
  json: boolean;
  /** The answer to one line, without a `\n` at the end. What it throws is told as that line's error. */
  answer: (text: string) => string;
}

/** How much is gathered, in characters, before it is written. */
const enough = 1 << 16;

/**
 * Answers every line of the input, and waits for whoever reads, so that any amount of text takes no more memory than
 * its longest line. Lines that came together are answered together, and no answer waits for a line that has not come.
 * Returns the exit code: 1 where a line could not be answered.
 */
export async function answerLines({ input, stdout, stderr, json, answer }: Answering): Promise<number> {
  const colors = colorsFor(stderr);
  let failed = 0;
  let total = 0;
  let text = '';
  for await (const lines of linesOf(input)) {
    for (const line of lines) {
      total++;
      const { answered, problem } = answerTo(line, answer);
      if (problem === undefined) text += `${answered}\n`;
      else {
        failed++;
        text += `${json ? JSON.stringify({ error: { ...problem, line: line.number } }) : ''}\n`;
        if (!json) await say(stderr, forPeople(problem, line.number, colors));
      }
      if (text.length < enough) continue;
      await write(stdout, text);
      text = '';
    }
    if (text !== '') await write(stdout, text);
    text = '';
  }
  if (failed === 0) return exitCodes.done;
  await say(stderr, `gerbert: ${failed} of ${total} ${total === 1 ? 'line' : 'lines'} could not be answered\n`);
  return exitCodes.failed;
}

/** Texts of the command line, or the lines of the standard input where there are none. */
interface Asking extends Omit<Answering, 'input'> {
  stdin: Input;
  words: readonly string[];
  answerWord: (word: string) => string;
}

/** Answers words of the command line, where there are any, and the standard input else. Returns the exit code. */
export async function answerAll({ words, answerWord, stdin, ...rest }: Asking): Promise<number> {
  if (words.length === 0) {
    if (stdin.isTTY) await say(rest.stderr, 'gerbert: reading what you type; Ctrl-D ends it\n');
    return answerLines({ ...rest, input: stdin });
  }
  for (const word of words) await write(rest.stdout, `${answeredWord(word, answerWord)}\n`);
  return exitCodes.done;
}

function answeredWord(word: string, answer: Asking['answerWord']): string {
  try {
    return answer(word);
  } catch (error) {
    // There is no line to tell it on.
    throw error instanceof LineError ? new UsageError('OPTION_INVALID', error.message) : error;
  }
}

interface Problem {
  code: string;
  message: string;
}

function answerTo(
  { content }: Line,
  answer: Answering['answer'],
): { answered: string; problem?: undefined } | { answered?: undefined; problem: Problem } {
  try {
    if (content instanceof LineError) throw content;
    return { answered: answer(content) };
  } catch (error) {
    const { code, message } = error as Partial<Problem>;
    return { problem: { code: typeof code === 'string' ? code : 'LINE_FAILED', message: message ?? String(error) } };
  }
}

function forPeople({ code, message }: Problem, line: number, { red }: Colors): string {
  return `${red(`line ${line} [${code}]:`)} ${plain(message)}\n`;
}
