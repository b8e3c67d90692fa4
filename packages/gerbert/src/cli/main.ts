import { readFileSync } from 'node:fs';
import { wordScanner } from '@gerbert/native';
import { useWordScanner } from '@gerbert/tokenizer';
import { Command, type CommanderError } from 'commander';
import { demoCommand } from './demo.js';
import { devicesCommand } from './devices.js';
import { didYouMean, exitCodes, reportError } from './errors.js';
import type { Surroundings } from './surroundings.js';
import { colorsFor, isClosedPipe, say } from './terminal.js';
import { tokenizerCommand } from './tokenizer/command.js';

/**
 * Runs the command line `gerbert …argv` and resolves to its exit code; it does not end the process, except where a demo
 * that was interrupted does not stop by itself.
 */
export async function main(argv: readonly string[], surroundings: Partial<Surroundings> = {}): Promise<number> {
  const { stdin = process.stdin, stdout = process.stdout, stderr = process.stderr } = surroundings;
  const { signals = process, exit = (exitCode: number) => process.exit(exitCode), runDemo } = surroundings;
  // What is written is awaited, or watched by the demo; without a listener a closed pipe would end in a stack trace.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  let exitCode: number = exitCodes.done;
  useWordScanner(wordScanner);
  const program = programFor({ stdin, stdout, stderr, signals, exit, runDemo }, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (isClosedPipe(error)) return exitCodes.pipeClosed;
    if (error instanceof RefusedLine) return refuse(error, stderr);
    return reportError(error, stderr);
  }
}

function programFor(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  const { stdout, stderr } = surroundings;
  const program = new Command('gerbert')
    .description('BERT and GPT, end to end, in TypeScript')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'explain the command')
    .addHelpText('after', '\nExample:\n  gerbert demo --quick');
  program.addCommand(demoCommand(surroundings, end));
  program.addCommand(devicesCommand(surroundings));
  program.addCommand(tokenizerCommand(surroundings, end));
  for (const command of withInner(program)) {
    command.helpOption('--help', 'explain the command').showSuggestionAfterError(false);
    command.configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // `refuse` says it, with the nearest known name.
      outputError: () => {},
    });
    command.exitOverride((error) => {
      throw new RefusedLine(error, command);
    });
  }
  return program;
}

/** A command and those below it. */
function withInner(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withInner)];
}

/** What Commander stopped at, and in which command. */
class RefusedLine extends Error {
  readonly error: CommanderError;
  readonly command: Command;

  constructor(error: CommanderError, command: Command) {
    super(error.message);
    this.error = error;
    this.command = command;
  }
}

/** Says what is wrong with a command line; help and version, by which Commander stops too, have been printed already. */
async function refuse({ error, command }: RefusedLine, stderr: Surroundings['stderr']): Promise<number> {
  if (error.exitCode === 0) return exitCodes.done;
  if (error.code !== 'commander.help') {
    const message = error.message.replace(/^error: /, '');
    const name = /'([^']*)'/.exec(message)?.[1] ?? '';
    const known = new Map([
      ['commander.unknownOption', [...command.options.map((option) => option.long ?? ''), '--help']],
      ['commander.unknownCommand', [...command.commands.map((other) => other.name()), 'help']],
    ]).get(error.code);
    const hint = known === undefined ? '' : `. ${didYouMean(name, known)}`;
    const { red } = colorsFor(stderr);
    await say(stderr, `${red('error:')} ${message}${hint}\n(${pathOf(command)} --help tells what there is)\n`);
  }
  return exitCodes.usage;
}

/** `gerbert tokenizer encode` */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
