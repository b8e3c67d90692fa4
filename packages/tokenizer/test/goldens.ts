import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The data folder, or undefined where this machine has none. */
export function dataPath(path: string): string | undefined {
  const found = join(process.env.GERBERT_DATA ?? join(here, '../../../../shared/data'), path);
  return existsSync(found) ? found : undefined;
}

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(here, 'goldens', `${name}.json`), 'utf8')) as T;
}

/** What the goldens hold of an encoding; offsets are in code points, columns of one value are left out. */
export interface GoldenEncoding {
  ids: number[];
  typeIds?: number[];
  attentionMask?: number[];
  specialTokensMask?: number[];
  spans: number[];
  wordIds: (number | null)[];
  sequenceIds: (number | null)[];
  tokens: string[];
  overflowing?: GoldenEncoding[];
}
