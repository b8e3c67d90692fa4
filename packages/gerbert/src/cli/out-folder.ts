import { mkdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './errors.js';

/** The folder of `--out`, found to be writable before any work begins. */
export class OutFolder {
  readonly path: string;
  /** The topmost folder that did not exist before. */
  private readonly made: string | undefined;

  /**
   * Makes the folder and tries it with a file.
   *
   * @throws UsageError `OUT_UNWRITABLE`
   */
  constructor(folder: string) {
    if (folder === '') throw new UsageError('OUT_UNWRITABLE', '--out is empty. Name a folder.');
    this.path = path.resolve(folder);
    try {
      this.made = makeFolder(this.path);
      const probe = path.join(this.path, `.gerbert-probe.${process.pid}.tmp`);
      writeFileSync(probe, 'x', { flag: 'wx' });
      rmSync(probe);
    } catch (cause) {
      throw new UsageError('OUT_UNWRITABLE', `--out ${folder}: ${reason(cause, this.path)}`, { cause });
    }
  }

  /** Removes what the demo has begun to write and did not finish, and the folder where nothing else is in it. */
  tidy(): void {
    rmSync(path.join(this.path, `.unfinished-${process.pid}`), { recursive: true, force: true });
    if (this.made === undefined) return;
    try {
      for (let folder = this.path; folder.length >= this.made.length; folder = path.dirname(folder)) rmdirSync(folder);
    } catch {
      // Not empty, or gone: then it stays as it is.
    }
  }
}

/**
 * Makes a folder and those above it; returns the topmost that it made. Step by step, since Node's own
 * `recursive: true` never returns where a folder exists in which none can be made, such as /proc.
 */
function makeFolder(folder: string): string | undefined {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const parent = path.dirname(folder);
  const above = parent === folder ? undefined : makeFolder(parent);
  mkdirSync(folder);
  return above ?? folder;
}

function reason(cause: unknown, folder: string): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const inTheWay = firstFile(folder);
  if (inTheWay !== undefined) return `${inTheWay} is a file, not a folder. Name another folder, or move the file away.`;
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to write there. Name a folder of your own.';
  if (code === 'EROFS') return 'the file system is read-only. Name a folder elsewhere.';
  if (code === 'ENOSPC') return 'no space is left on the device. Make room, or name a folder elsewhere.';
  return `it cannot be written to (${message}). Name another folder.`;
}

/** The first part of a path that exists without being a folder. */
function firstFile(folder: string): string | undefined {
  const parent = path.dirname(folder);
  const above = parent === folder ? undefined : firstFile(parent);
  if (above !== undefined) return above;
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory() ? folder : undefined;
}
