import { open } from 'node:fs/promises';
import { TokenizerError } from '../errors.js';
import { fileError } from './files.js';

/** Bytes read at a time. */
const CHUNK = 1 << 20;
const NEWLINE = 0x0a;

/** Lines of whole text, each with its ending. */
function* divide(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const at = text.indexOf('\n', from);
    const to = at < 0 ? text.length : at + 1;
    yield text.slice(from, to);
    from = to;
  }
}

/** Bytes in runs that end with a line, the last one perhaps without ending. */
async function* wholeLines(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    let pending: Uint8Array[] = [];
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      if (end > 0) {
        yield Buffer.concat([...pending, bytes.subarray(0, end)]);
        pending = [];
      }
      if (end < bytesRead) pending.push(bytes.subarray(end));
    }
    if (pending.length > 0) yield Buffer.concat(pending);
  } finally {
    await file.close();
  }
}

/** The number of the first line, counted from `first`, that is not UTF-8. */
function badLine(bytes: Uint8Array, first: number): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = first;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(NEWLINE, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  for await (const bytes of wholeLines(path)) {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch (cause) {
      const message = `${path}: line ${badLine(bytes, line)} is not UTF-8; convert the file first.`;
      throw new TokenizerError('TOKENIZER_FILE_MALFORMED', message, { cause });
    }
    for (const one of divide(text)) {
      line++;
      yield one;
    }
  }
}

/**
 * The lines of text files, one file after the other, each line with its ending (`\n`, or `\r\n`), as the Rust library
 * reads what it trains on: a byte order mark stays. Memory is bounded by the longest line.
 * @throws TokenizerError `TOKENIZER_FILE_MISSING`, or `TOKENIZER_FILE_MALFORMED` where a file is not UTF-8.
 */
export async function* readLines(files: string | Iterable<string>): AsyncGenerator<string> {
  for (const path of typeof files === 'string' ? [files] : files) {
    try {
      yield* linesOf(path);
    } catch (cause) {
      throw cause instanceof TokenizerError ? cause : fileError(path, cause);
    }
  }
}
