import { Buffer, isUtf8 } from 'node:buffer';

/** Bytes, as the standard input gives them; tests bring strings as well. */
export type Input = AsyncIterable<Uint8Array | string> & { isTTY?: boolean };

/** Why a line cannot be answered: to be told on its own line, while the rest goes on. */
export class LineError extends Error {
  readonly code: 'LINE_NOT_UTF8' | 'LINE_TOO_LONG' | 'LINE_NOT_JSON' | 'LINE_INVALID';

  constructor(code: LineError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LineError';
    this.code = code;
  }
}

/** A line without its `\n`; `number` counts from 1. */
export interface Line {
  number: number;
  content: string | LineError;
}

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The longest line that is read, in bytes; what it becomes has to fit into JavaScript's strings. */
export const longestLine = 1 << 27;

/**
 * Divides bytes into lines, at `\n` and nowhere else, before they are decoded: a character may be spread over chunks.
 * A byte order mark in front of everything is no text. Of a line longer than `longest` nothing is kept.
 */
class LineSplitter {
  private readonly longest: number;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private begun = false;
  private count = 0;

  constructor(longest: number) {
    this.longest = longest;
  }

  /** The lines that end in this chunk. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      this.hold(chunk.subarray(from, end));
      lines.push(this.finish());
      from = end + 1;
    }
    if (from < chunk.length) this.hold(chunk.subarray(from));
    return lines;
  }

  /** The last line, where no `\n` ends it. */
  end(): Line[] {
    return this.begun ? [this.finish()] : [];
  }

  private hold(bytes: Buffer): void {
    this.begun = true;
    this.heldBytes += bytes.length;
    if (this.heldBytes > this.longest) this.held = [];
    else this.held.push(bytes);
  }

  private finish(): Line {
    const content = this.content();
    this.held = [];
    this.heldBytes = 0;
    this.begun = false;
    return { number: this.count, content };
  }

  private content(): string | LineError {
    this.count++;
    if (this.heldBytes > this.longest) {
      return new LineError('LINE_TOO_LONG', `A line of ${this.heldBytes} bytes; at most ${this.longest} are read.`);
    }
    let bytes = this.held.length === 1 ? this.held[0] : Buffer.concat(this.held);
    if (this.count === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    if (!isUtf8(bytes)) return new LineError('LINE_NOT_UTF8', 'The line is not UTF-8.');
    return bytes.toString('utf8');
  }
}

/** The lines of `input`, as many at a time as came together; a last one without `\n` counts. */
export async function* linesOf(input: Input, longest: number = longestLine): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(longest);
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    yield splitter.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  yield splitter.end();
}
