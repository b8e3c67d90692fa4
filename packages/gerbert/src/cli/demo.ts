import { Command, Option } from 'commander';
import { runDemoInThread } from './demo-thread.js';
import { exitCodes } from './errors.js';
import { Interrupts } from './interrupts.js';
import {
  type DemoDevice,
  demoDevices,
  type Language,
  languages,
  oneOf,
  positiveNumber,
  readingOf,
  seed,
} from './options.js';
import { OutFolder } from './out-folder.js';
import { createProgress } from './progress.js';
import { summary } from './summary.js';
import type { Surroundings } from './surroundings.js';
import { colorsFor, isClosedPipe, say, write } from './terminal.js';

interface Flags {
  corpus?: string[];
  lang: Language;
  minutes?: number;
  device?: DemoDevice;
  seed: number;
  out: string;
  quick?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  gerbert demo                                    presidents' addresses, three to four minutes on two cores
  gerbert demo --quick --json --seed 7            generated tales, as fast as can be, results as JSON
  gerbert demo --corpus notes.txt letters/ --minutes 10 --out my-models`;

/** `gerbert demo`: trains a small BERT and a small GPT, and reports. `end` takes the exit code of an interrupted run. */
export function demoCommand(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  return new Command('demo')
    .description(
      'train a small BERT and a small GPT on this machine, compare them with older methods, and write a report',
    )
    .option('--corpus <name|path...>', 'addresses, moby-dick, tales, or text files and folders (default: addresses)')
    .addOption(
      new Option('--lang <language>', 'en or zh: the language of the text').argParser(oneOf(languages)).default('en'),
    )
    .option('--minutes <n>', 'how long the pretraining should take, roughly', positiveNumber)
    .addOption(
      new Option('--device <name>', 'cpu or js (default: cpu where it is available)').argParser(oneOf(demoDevices)),
    )
    .option('--seed <n>', 'the same seed gives the same results', seed, 1)
    .option('--out <dir>', 'where the models and the report go', './gerbert-demo')
    .option('--quick', 'a much smaller run, on tales unless another corpus is named')
    .option('--json', 'print one JSON document at the end, and progress on the standard error')
    .addHelpText('after', examples)
    .action(async (flags: Flags) => end(await demo(flags, surroundings)));
}

async function demo(flags: Flags, surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const reading = readingOf(flags.corpus, flags.lang, flags.quick === true);
  const folder = new OutFolder(flags.out);
  const progress = createProgress(flags.json ? stderr : stdout);
  const interrupts = new Interrupts(surroundings.signals, (exitCode) => {
    progress.stop();
    folder.tidy();
    stderr.write(farewell(interrupts));
    surroundings.exit(exitCode);
  });
  const stopReading = (error: Error) => {
    if (interrupts.exitCode !== undefined) return;
    if (isClosedPipe(error)) interrupts.stop(exitCodes.pipeClosed, 'nobody reads the standard output');
    else interrupts.stop(exitCodes.failed, `cannot write to the standard output: ${error.message}`);
  };
  stdout.on('error', stopReading);
  try {
    const { runDemo = runDemoInThread } = surroundings;
    const { minutes, device, seed, quick = false } = flags;
    const { signal } = interrupts;
    const result = await runDemo({ ...reading, minutes, device, seed, out: folder.path, quick, signal, progress });
    signal.throwIfAborted();
    progress.stop();
    const text = flags.json ? JSON.stringify(result) : summary(result, colorsFor(stdout)).join('\n');
    await write(stdout, `${text}\n`);
    return exitCodes.done;
  } catch (error) {
    progress.stop();
    folder.tidy();
    if (interrupts.exitCode === undefined) throw error;
    await say(stderr, farewell(interrupts));
    return interrupts.exitCode;
  } finally {
    interrupts.release();
    stdout.off('error', stopReading);
  }
}

/** What is said when a demo was stopped. Where the reader has gone, nothing. */
function farewell({ exitCode, signal }: Interrupts): string {
  return exitCode === exitCodes.pipeClosed ? '' : `gerbert: ${signal.reason.message}\n`;
}
