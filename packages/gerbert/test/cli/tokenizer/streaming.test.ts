import { EventEmitter } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { linesOf } from '../../../src/cli/tokenizer/lines.js';
import { Collected } from '../harness.js';
import { bertFile } from './fixture.js';

const start = (stdin: Readable, stdout: Writable, flags: string[] = ['--json']) =>
  main(['tokenizer', 'encode', '--tokenizer', bertFile(), ...flags], {
    stdin,
    stdout,
    stderr: new Collected(),
    signals: new EventEmitter(),
    exit: () => {},
  });

const turns = async (n: number) => {
  for (let i = 0; i < n; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('lines of the standard input', () => {
  test('are answered as they come', async () => {
    const stdin = new Readable({ read() {} });
    const stdout = new Collected();
    const end = start(stdin, stdout, ['--ids']);
    stdin.push('who\nwro');
    await expect.poll(() => stdout.text).toBe('2 5 3\n');
    stdin.push('te\nit');
    await expect.poll(() => stdout.text).toBe('2 5 3\n2 6 3\n');
    stdin.push(null);
    expect(await end).toBe(0);
    expect(stdout.text).toBe('2 5 3\n2 6 3\n2 7 3\n');
  });

  test('are not read faster than the answers are', async () => {
    let read = 0;
    const chunk = Buffer.from('who wrote it ?\n'.repeat(1000));
    async function* endless() {
      for (; read < 1000; read++) yield chunk;
    }
    const waiting: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
    const end = start(Readable.from(endless(), { highWaterMark: 1 }), slow);
    await expect.poll(() => waiting.length).toBe(1);
    await turns(50);
    // What was read is what is being written, what comes next, and what the streams in between hold.
    expect(read).toBeLessThan(6);
    expect(slow.writableLength).toBeLessThan(100_000);
    waiting.pop()!();
    await turns(50);
    expect(waiting.length).toBe(1);
    slow.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    waiting.pop()!();
    expect(await end).toBe(141);
  });

  test('end the command, quietly, where the reader has gone', async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
    });
    const stdin = new Readable({ read() {} });
    stdin.push('who\n');
    const end = start(stdin, gone);
    expect(await end).toBe(141);
    expect(stdin.destroyed).toBe(true);
  });

  test('that are too long are told of, and not kept', async () => {
    const chunks = ['abc', 'def\n', 'abcde\nxy', 'z'].map((text) => Buffer.from(text));
    const lines = [];
    for await (const some of linesOf(Readable.from(chunks), 5)) lines.push(...some);
    expect(lines).toEqual([
      {
        number: 1,
        content: expect.objectContaining({ code: 'LINE_TOO_LONG', message: expect.stringContaining('6 bytes') }),
      },
      { number: 2, content: 'abcde' },
      { number: 3, content: 'xyz' },
    ]);
  });
});
