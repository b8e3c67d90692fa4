import { Tokenizer, TokenizerError } from '../../src/index.js';
import type { Files } from './files.js';

const TEXTS = [
  '',
  'a',
  'Who wrote the letter? abc ab  a\n\n\té 京都 😀 \ud800',
  `${'a'.repeat(500)}b`,
  ' '.repeat(300),
  'ab'.repeat(200),
  '[CLS] __proto__ constructor <unk> ▁a Ġb </w> ##c <0x41>',
  'e\u0301'.repeat(100),
];

/** What the prototypes have, to be seen to stay so. */
function prototypes(): string {
  return [Object, Array, Function, Map, Set, String]
    .map(({ prototype }) => Object.getOwnPropertyNames(prototype).join())
    .join(';');
}

const BEFORE = /* @__PURE__ */ prototypes();

export type Verdict = 'refused' | 'worked' | { failure: string };

/** Runs `work`; an error of this package is fine. */
function tolerant(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof TokenizerError && typeof error.code === 'string' && error.message !== '') return false;
    throw error;
  }
}

function use(tokenizer: Tokenizer): void {
  const ids: number[] = [0, 1, 5, 1000, 2 ** 31 - 1];
  for (const text of TEXTS) {
    tolerant(() => {
      const { length, offsets, tokens, wordIds } = tokenizer.encode(text, { pair: 'ab a' });
      if ([offsets, tokens, wordIds].some((column) => column.length !== length))
        throw new Error('columns of different lengths');
    });
    tolerant(() => {
      const found = tokenizer.encodeIds(text);
      for (const id of found.subarray(0, 300)) ids.push(id);
    });
  }
  tolerant(() => void tokenizer.encodeBatch(['a', 'ab a b']));
  for (const skipSpecialTokens of [true, false]) {
    tolerant(() => void tokenizer.decode(ids, { skipSpecialTokens }));
    tolerant(() => {
      const stream = tokenizer.decodeStream({ skipSpecialTokens });
      for (const id of ids.slice(0, 100)) stream.push(id);
      stream.end();
    });
  }
}

function exercise(load: () => Tokenizer): Verdict {
  let tokenizer: Tokenizer | undefined;
  const loaded = tolerant(() => {
    tokenizer = load();
  });
  if (!loaded || tokenizer === undefined) return 'refused';
  use(tokenizer);
  const json = JSON.stringify(tokenizer);
  if (JSON.stringify(Tokenizer.fromJSON(json)) !== json) return { failure: 'written otherwise after being read again' };
  return 'worked';
}

/** Loads, encodes, decodes and saves. Whatever is thrown that is no TokenizerError is a failure, and so is a changed prototype. */
export async function exerciseFiles(files: Files, loadFolder: (files: Files) => Promise<Tokenizer>): Promise<Verdict> {
  let verdict: Verdict;
  try {
    const json = files.get('tokenizer.json');
    if (json !== undefined) {
      verdict = exercise(() => Tokenizer.fromJSON(json));
    } else {
      const result = await loadFolder(files).then(
        (tokenizer) => () => tokenizer,
        (error) => () => {
          throw error;
        },
      );
      verdict = exercise(result);
    }
  } catch (error) {
    verdict = { failure: error instanceof Error ? `${error.stack?.slice(0, 1200)}` : String(error) };
  }
  return prototypes() === BEFORE ? verdict : { failure: 'a prototype has changed' };
}
