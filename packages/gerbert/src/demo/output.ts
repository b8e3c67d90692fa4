import { rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GerbertError } from '@gerbert/tensor';

/**
 * Has `write` fill a directory of its own inside `out`, then moves what it wrote into place, over what stood there. Whatever happens before
 * leaves nothing behind and `out` as it was.
 *
 * @throws `FILE_UNWRITABLE`
 */
export async function writeTogether(
  out: string,
  names: readonly string[],
  write: (directory: string) => Promise<void>,
): Promise<void> {
  const beside = join(out, `.unfinished-${process.pid}`);
  // Also where the process ends before this function does.
  const sweep = () => rmSync(beside, { recursive: true, force: true });
  process.once('exit', sweep);
  try {
    await mkdir(beside, { recursive: true }).catch((cause: Error) => {
      throw new GerbertError('FILE_UNWRITABLE', `Cannot write to ${out}: ${cause.message}`, { cause });
    });
    await write(beside);
    for (const name of names) {
      const place = join(out, name);
      await rm(place, { recursive: true, force: true });
      await rename(join(beside, name), place);
    }
  } finally {
    sweep();
    process.off('exit', sweep);
  }
}
