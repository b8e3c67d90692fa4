import { statSync } from 'node:fs';
import { UsageError } from '../../errors.js';

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

  /** The lines of all files with their endings, as the Rust library reads them: every line is a text of its own. */
  async *lines(): AsyncGenerator<string> {
    const { readLines } = await import('@gerbert/tokenizer/node');
    for await (const line of readLines(this.paths)) {
      this.done += Buffer.byteLength(line);
      yield line;
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
