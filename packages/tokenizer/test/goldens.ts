import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Encoding } from '../src/index.js';

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

/** An encoding as the goldens have it. */
export function plain(encoding: Encoding): GoldenEncoding {
  const { ids, typeIds, attentionMask, specialTokensMask, overflowing } = encoding;
  return {
    ids: [...ids],
    spans: [...encoding.codePointSpans],
    wordIds: encoding.wordIds,
    sequenceIds: encoding.sequenceIds,
    tokens: [...encoding.tokens],
    ...(attentionMask.includes(0) ? { attentionMask: [...attentionMask] } : {}),
    ...(specialTokensMask.includes(1) ? { specialTokensMask: [...specialTokensMask] } : {}),
    ...(typeIds.some((id) => id > 0) ? { typeIds: [...typeIds] } : {}),
    ...(overflowing.length > 0 ? { overflowing: overflowing.map(plain) } : {}),
  };
}
