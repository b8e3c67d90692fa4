import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Tokenizer, TrainingProgress } from '@gerbert/tokenizer';
import type { Progress } from '../../../demo/index.js';
import { exitCodes, UsageError } from '../../errors.js';
import { Interrupts } from '../../interrupts.js';
import { OutFolder } from '../../out-folder.js';
import { createProgress } from '../../progress.js';
import type { Surroundings } from '../../surroundings.js';
import { say, write } from '../../terminal.js';
import { CorpusFiles } from './corpus-files.js';
import { type SettingFlags, settingsOf } from './settings.js';

export interface TrainFlags extends SettingFlags {
  corpus?: string[];
  out?: string;
  json?: boolean;
}

/** Learns a tokenizer and writes it, whole or not at all. Returns the exit code. */
export async function train(flags: TrainFlags, surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  const { corpus, out, json = false, ...settingFlags } = flags;
  if (corpus === undefined) throw new UsageError('OPTION_INVALID', '--corpus is missing. Name text files.');
  if (out === undefined) throw new UsageError('OPTION_INVALID', '--out is missing. Name the file to write.');
  const settings = settingsOf(settingFlags);
  const files = new CorpusFiles(corpus);
  const file = new OutFile(out);
  const progress = createProgress(stderr);
  const interrupts = new Interrupts(surroundings.signals, (exitCode) => {
    progress.stop();
    file.tidy();
    surroundings.exit(exitCode);
  });
  try {
    const { trainTokenizer } = await import('@gerbert/tokenizer');
    const { signal } = interrupts;
    const onProgress = reporter(progress, files);
    const began = performance.now();
    const tokenizer = await trainTokenizer(files.lines(), { ...settings, signal, onProgress });
    signal.throwIfAborted();
    progress.stop();
    file.write(`${JSON.stringify(tokenizer, null, 2)}\n`);
    const seconds = (performance.now() - began) / 1000;
    await write(stdout, `${json ? asJson(tokenizer, file.path, seconds) : forPeople(tokenizer, out, seconds)}\n`);
    return exitCodes.done;
  } catch (error) {
    progress.stop();
    file.tidy();
    if (interrupts.exitCode === undefined) throw error;
    await say(stderr, `gerbert: ${interrupts.signal.reason.message}\n`);
    return interrupts.exitCode;
  } finally {
    interrupts.release();
  }
}

/** The file of `--out`, found to be writable before any work begins. */
class OutFile {
  readonly path: string;
  private readonly folder: OutFolder;
  private readonly unfinished: string;

  /** @throws UsageError `OUT_UNWRITABLE` */
  constructor(out: string) {
    this.path = path.resolve(out);
    if (out === '' || statSync(out, { throwIfNoEntry: false })?.isDirectory()) {
      const example = path.join(out, 'tokenizer.json');
      throw new UsageError('OUT_UNWRITABLE', `--out ${out}: a folder. Name a file, such as ${example}.`);
    }
    this.folder = new OutFolder(path.dirname(this.path));
    this.unfinished = path.join(this.folder.path, `.unfinished-${process.pid}`);
  }

  /** Beside its place first, then in it. */
  write(text: string): void {
    const file = openSync(this.unfinished, 'w');
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(this.unfinished, this.path);
  }

  /** Removes what was begun. */
  tidy(): void {
    this.folder.tidy();
  }
}

const labels = { count: 'reading, kB', merge: 'merging, tokens', prune: 'pruning, pieces' } as const;

/** Tells of a training as of steps: kilobytes of the files, tokens, pieces that have gone. */
function reporter(progress: Progress, files: CorpusFiles): (report: TrainingProgress) => void {
  let stage: TrainingProgress['stage'] | undefined;
  let first = 0;
  return (report) => {
    const began = stage !== report.stage;
    stage = report.stage;
    if (began) first = report.done;
    const { done, total } = stepsOf(report, first, files);
    if (total < 1) return;
    if (began) progress.start(total, labels[report.stage]);
    progress.step(Math.min(done, total), {});
  };
}

function stepsOf({ stage, done, total = 0 }: TrainingProgress, first: number, files: CorpusFiles) {
  if (stage === 'count') return { done: Math.floor(files.done / 1000), total: Math.ceil(files.bytes / 1000) };
  return stage === 'merge' ? { done, total } : { done: first - done, total: first - total };
}

function asJson(tokenizer: Tokenizer, out: string, seconds: number): string {
  const { type } = tokenizer.toJSON().model as { type: string };
  return JSON.stringify({ out, model: type, vocabSize: tokenizer.vocabSize, seconds });
}

function forPeople(tokenizer: Tokenizer, out: string, seconds: number): string {
  return `${out}: ${tokenizer.vocabSize.toLocaleString('en')} tokens, in ${seconds.toFixed(1)} s`;
}
