import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TokenizerError } from '../errors.js';

/** `cause` as an error that names the file. */
export function fileError(path: string, cause: unknown): TokenizerError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new TokenizerError('TOKENIZER_FILE_MISSING', `${path}: there is no such file.`, { cause });
  }
  return new TokenizerError('TOKENIZER_FILE_MALFORMED', `${path}: ${message}`, { cause });
}

/** @throws TokenizerError `TOKENIZER_FILE_MISSING` */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** @throws TokenizerError `TOKENIZER_FILE_MISSING`, or `TOKENIZER_FILE_MALFORMED` where it is not UTF-8. */
export async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** @throws TokenizerError `TOKENIZER_FILE_MISSING`, or `TOKENIZER_FILE_MALFORMED` where it is not JSON. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** Runs `work`; what it throws about content is thrown again with the file's name. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof TokenizerError)) throw cause;
    const code = cause.code === 'TOKENIZER_COMPONENT_UNSUPPORTED' ? cause.code : 'TOKENIZER_FILE_MALFORMED';
    throw new TokenizerError(code, `${path}: ${cause.message}`, { cause });
  }
}

/** Writes the whole file or leaves what was there: a file of its own beside it, flushed, then renamed. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}
