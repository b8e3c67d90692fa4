import { Buffer, isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { GerbertError } from '@gerbert/tensor';
import { UsageError } from '../../errors.js';

const newline = 0x0a;
const chunkBytes = 1 << 18;

/** Text files to learn from. */
export class CorpusFiles {
  readonly paths: readonly string[];
  /** Of all files. */
  readonly bytes: number;
  /** How many have been read. */
  done = 0;

  /** @throws UsageError `OPTION_INVALID` for what is no file */
  constructor(paths: readonly string[]) {
    this.paths = paths;
    this.bytes = paths.reduce((sum, path) => sum + sizeOf(path), 0);
  }

  /**
   * The lines of all files with the `\n` at their ends, as the Rust library reads them: a text of its own is every line.
   * The file is read as the lines are wanted.
   *
   * @throws GerbertError `CORPUS_NOT_UTF8`, `CORPUS_UNREADABLE`
   */
  *lines(): Generator<string> {
    for (const path of this.paths) {
      let number = 0;
      for (const line of this.linesOf(path)) {
        number++;
        if (!isUtf8(line)) throw new GerbertError('CORPUS_NOT_UTF8', `${path}, line ${number}: it is not UTF-8.`);
        yield line.toString('utf8');
      }
    }
  }

  private *linesOf(path: string): Generator<Buffer> {
    let held: Buffer[] = [];
    for (const chunk of this.chunks(path)) {
      let from = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
        const line = chunk.subarray(from, end + 1);
        yield held.length === 0 ? line : Buffer.concat([...held, line]);
        held = [];
        from = end + 1;
      }
      if (from < chunk.length) held.push(chunk.subarray(from));
    }
    if (held.length > 0) yield Buffer.concat(held);
  }

  private *chunks(path: string): Generator<Buffer> {
    let file: number | undefined;
    try {
      file = openSync(path, 'r');
      for (;;) {
        // A new one each time: lines are parts of it.
        const buffer = Buffer.allocUnsafeSlow(chunkBytes);
        const bytes = readSync(file, buffer);
        if (bytes === 0) return;
        this.done += bytes;
        yield buffer.subarray(0, bytes);
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
      throw new GerbertError('CORPUS_UNREADABLE', `${path}: ${(cause as Error).message}`, { cause });
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError('OPTION_INVALID', `--corpus ${path}: there is no such file.`);
  if (found.isDirectory()) {
    throw new UsageError(
      'OPTION_INVALID',
      `--corpus ${path} is a folder. Name the files in it, as with ${path}/*.txt.`,
    );
  }
  return found.size;
}
