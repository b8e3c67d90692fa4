import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { GerbertError } from '@gerbert/tensor';
import type { DemoResult } from '../demo/result.js';
import { renderReport } from './page.js';

/**
 * Writes the report of a result: the whole file, or nothing, and then what was there before stays.
 *
 * @throws `FILE_UNWRITABLE`
 */
export async function writeReport(file: string, result: DemoResult): Promise<void> {
  const page = renderReport(result);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(page);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => {});
    throw new GerbertError('FILE_UNWRITABLE', `Cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
