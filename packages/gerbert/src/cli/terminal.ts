import type { Writable } from 'node:stream';
import pc from 'picocolors';

/** A stream of the command line; whether it is a terminal decides on colours and on the progress bar. */
export type Output = Writable & { isTTY?: boolean; columns?: number };

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours where a terminal shows them; none in files and pipes, nor where `NO_COLOR` asks for none. */
export function colorsFor(output: Output, environment: NodeJS.ProcessEnv = process.env): Colors {
  const wanted = output.isTTY === true && environment.TERM !== 'dumb' && !environment.NO_COLOR;
  return pc.createColors(wanted);
}

/** Writes and waits until the text has left this process. Rejects where it cannot, with `EPIPE` when the reader has gone. */
export function write(output: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes what need not arrive, such as a message to somebody who may have gone. */
export async function say(output: Output, text: string): Promise<void> {
  await write(output, text).catch(() => {});
}

/** Whether `error` says that whoever read from a pipe reads no more. */
export function isClosedPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** Text of corpora and models as one line without control characters, which could move the cursor of a terminal. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
  return text.replace(/\s+/gu, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, '�');
}
