import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../src/options.mjs';

const suites = ['gemm', 'decode', 'attention', 'tokenizer'];
const read = (...args: string[]) => readOptions(args, suites);

describe('the command line', () => {
  it('names suites in their own order, and all of them by default', () => {
    expect(read()).toMatchObject({ suites, rounds: 7, threads: undefined, json: false, quick: false });
    expect(read('attention', 'gemm', '--quick', '--threads', '2')).toMatchObject({
      suites: ['gemm', 'attention'],
      rounds: 3,
      threads: 2,
    });
    expect(read('--', '--json', '--rounds=11')).toMatchObject({ json: true, rounds: 11 });
  });

  it('writes the pages whose suites were all named', () => {
    expect(read('--write')).toMatchObject({ write: true, suites });
    expect(read('--write', 'tokenizer')).toMatchObject({ write: true, suites: ['tokenizer'] });
  });

  it.each([
    [['gem'], "There is no suite 'gem'; the nearest is 'gemm'."],
    [['--jsn'], "There is no option '--jsn'; the nearest is '--json'."],
    [['--threads'], '--threads needs a value.'],
    [['--threads', 'two'], "--threads is 'two'; it must be a whole number from 1 on."],
    [['--json=yes'], '--json takes no value.'],
    [['--from', 'x.json'], '--from needs --write: it says what to render.'],
    [
      ['--write', 'tokenizer', '--quick'],
      '--write runs all suites of a page, and holds no quick figures: name tokenizer, or no suite.',
    ],
    [
      ['--write', 'gemm'],
      '--write runs all suites of a page, and holds no quick figures: name tokenizer, or no suite.',
    ],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it('ends with 2 for an unknown suite', () => {
    const bench = fileURLToPath(new URL('../src/bench.mjs', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [bench, 'elementwize', '--json'], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: "There is no suite 'elementwize'; the nearest is 'elementwise'.\n",
    });
  });
});
