import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Main from '../src/index.js';
import type * as NodeOnly from '../src/node/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';

// Threads load no TypeScript in Node 20, so that the package is compiled for this test.
const folder = mkdtempSync(join(tmpdir(), 'gerbert-pool-'));
let main: typeof Main;
let pools: typeof NodeOnly;

beforeAll(async () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const project = join(here, '../tsconfig.json');
  execFileSync(process.execPath, [
    tsc,
    '-p',
    project,
    '--outDir',
    folder,
    '--declaration',
    'false',
    '--declarationMap',
    'false',
  ]);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  main = await import(pathToFileURL(join(folder, 'index.js')).href);
  pools = await import(pathToFileURL(join(folder, 'node/index.js')).href);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s', 'sat'];

function bert(): Main.Tokenizer {
  const tokenizer = main.bertTokenizer({ vocab: VOCAB });
  tokenizer.addTokens([{ content: '<x>', lstrip: true, normalized: false }]);
  return tokenizer;
}

const TEXTS = Array.from({ length: 700 }, (_, i) => `the cats  <x> ${'sat '.repeat(i % 50)}😀 é${i}`);

const plain = (encodings: readonly Main.Encoding[]) => JSON.stringify(encodings);

describe('a pool of tokenizers', () => {
  test('gives what the tokenizer gives, in order', async () => {
    const tokenizer = bert();
    await using pool = new pools.TokenizerPool(tokenizer, { workers: 2 });
    const inputs = TEXTS.map((text, i): Main.TextInput => (i % 3 === 0 ? [text, 'the cat'] : text));
    for (const options of [
      {},
      { truncation: { maxLength: 12, stride: 2 }, padding: { multipleOf: 8 } },
      { addSpecialTokens: false, encodeSpecialTokens: true },
    ]) {
      expect(plain(await pool.encodeBatch(inputs, options))).toBe(plain(tokenizer.encodeBatch(inputs, options)));
    }
    const both = [pool.encodeIdsBatch(TEXTS), pool.encodeBatch([])] as const;
    expect(JSON.stringify(await both[0])).toBe(JSON.stringify(tokenizer.encodeIdsBatch(TEXTS)));
    expect(await both[1]).toEqual([]);
    const encoding = (await pool.encodeBatch(['the  <x>']))[0];
    expect(encoding.tokens).toEqual(['[CLS]', 'the', '  <x>', '[SEP]']);
    tokenizer.addTokens(['zebra']);
    expect((await pool.encodeIdsBatch(['zebra']))[0]).toEqual(tokenizer.encodeIds('zebra'));
  });

  test('refuses what the tokenizer refuses, before and in its threads', async () => {
    await using pool = new pools.TokenizerPool(bert(), { workers: 1 });
    await expect(pool.encodeBatch([5 as never])).rejects.toMatchObject({ code: 'TOKENIZER_INPUT_INVALID' });
    await expect(pool.encodeIdsBatch([['a', 'b'] as never])).rejects.toMatchObject({ code: 'TOKENIZER_INPUT_INVALID' });
    await expect(pool.encodeBatch(['a'], { pad: 1 } as never)).rejects.toMatchObject({
      code: 'TOKENIZER_OPTION_UNKNOWN',
    });
    await expect(pool.encodeBatch(['a'], { truncation: { maxLength: 1 } })).rejects.toMatchObject({
      code: 'TOKENIZER_TRUNCATION_IMPOSSIBLE',
    });
    const lacking = main.bertTokenizer({ vocab: ['[CLS]', '[SEP]'] });
    await using other = new pools.TokenizerPool(lacking, { workers: 1 });
    await expect(other.encodeBatch(['a'])).rejects.toMatchObject({ code: 'TOKENIZER_UNK_MISSING' });
    await expect(other.encodeBatch([''])).resolves.toHaveLength(1);
    expect(() => new pools.TokenizerPool(lacking, { workers: 0 })).toThrow('workers');
  });

  test('stops at a signal, and goes on with other work', async () => {
    const tokenizer = bert();
    await using pool = new pools.TokenizerPool(tokenizer, { workers: 1 });
    const controller = new AbortController();
    const long = pool.encodeBatch(TEXTS.concat(TEXTS), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    await expect(pool.encodeBatch(['a'], { signal: controller.signal })).rejects.toThrow('enough');
    expect(plain(await pool.encodeBatch(['the cat']))).toBe(plain(tokenizer.encodeBatch(['the cat'])));
  });

  test('closing and dying threads leave nobody waiting', async () => {
    const pool = new pools.TokenizerPool(bert(), { workers: 2 });
    const told = expect(pool.encodeBatch(TEXTS)).rejects.toMatchObject({ code: 'TOKENIZER_POOL_CLOSED' });
    await pool.close();
    await told;
    await expect(pool.encodeIdsBatch(['a'])).rejects.toMatchObject({ code: 'TOKENIZER_POOL_CLOSED' });
    const broken = main.gpt2Tokenizer({ vocab: byteAlphabet(), merges: [] });
    Object.defineProperty(broken, 'toJSON', { value: () => ({ model: 'none' }) });
    await using dying = new pools.TokenizerPool(broken, { workers: 2 });
    const lost = { code: 'TOKENIZER_WORKER_LOST' };
    await expect(dying.encodeBatch(TEXTS)).rejects.toMatchObject(lost);
    await expect(dying.encodeIdsBatch(TEXTS)).rejects.toMatchObject(lost);
  });
});
