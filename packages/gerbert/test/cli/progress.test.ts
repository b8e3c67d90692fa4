import { describe, expect, test, vi } from 'vitest';
import { createProgress, duration } from '../../src/cli/progress.js';
import { Collected } from './harness.js';

describe('without a terminal', () => {
  /** Steps of `pace` milliseconds each; the lines that were written. */
  function lines(steps: number, pace: number): string[] {
    const output = new Collected();
    let now = 0;
    const progress = createProgress(output, () => now);
    progress.start(steps, 'GPT');
    for (let done = 1; done <= steps; done++) {
      now += pace;
      progress.step(done, { loss: 4.25, tokensPerSecond: 1000 });
    }
    progress.stop();
    return output.text.trimEnd().split('\n');
  }

  test('a line says step, loss, tokens per second and the time left', () => {
    // 10 % of the steps take 100 s, so that patience runs out every 10 s.
    expect(lines(1000, 1000)[11]).toBe('  GPT  120/1000  12 %  loss 4.250  1,000 tokens/s  14 min 40 s left');
  });

  test('lines come neither faster than every 2 s nor more often than every 10 %', () => {
    expect(lines(1000, 1)).toEqual([expect.stringContaining('1000/1000  100 %')]);
    expect(lines(1000, 30).map((line) => line.match(/\d+ %/)![0])).toEqual([
      '10 %',
      '20 %',
      '30 %',
      '40 %',
      '50 %',
      '60 %',
      '70 %',
      '80 %',
      '90 %',
      '100 %',
    ]);
    expect(lines(1000, 10).length).toBe(5);
  });

  test('a slow step counter speaks up every 10 s', () => {
    expect(lines(100, 5_000).length).toBe(50);
  });

  test('steps outside of a counter are passed over', () => {
    const output = new Collected();
    const progress = createProgress(output);
    progress.step(1, {});
    progress.start(1, 'x');
    progress.stop();
    progress.step(1, {});
    expect(output.text).toBe('');
  });
});

describe('on a terminal', () => {
  test('a bar says the same, and gives the cursor back', () => {
    vi.stubEnv('TERM', 'xterm');
    vi.stubEnv('NO_COLOR', '1');
    const output = new Collected({ isTTY: true });
    let now = 0;
    const progress = createProgress(output, () => now);
    progress.phase('2/5 Pretraining');
    progress.start(200, 'BERT');
    now = 10_000;
    progress.step(50, { loss: 7.5, tokensPerSecond: 20_480 });
    progress.note('a remark');
    progress.stop();
    vi.unstubAllEnvs();
    expect(output.text).toContain('\n2/5 Pretraining\n');
    expect(output.text).toContain('50/200  25 %  loss 7.500  20,480 tokens/s  30 s left');
    expect(output.text).toContain('━'.repeat(6));
    expect(output.text).toContain('  a remark\n');
    expect(output.text.split('50/200').length).toBeGreaterThan(2);
    expect(output.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.text.lastIndexOf('\u001b[?25l'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there.
    expect(output.text).not.toMatch(/\u001b\[[\d;]*m/);
  });

  test('colours are there unless NO_COLOR is', () => {
    vi.stubEnv('TERM', 'xterm');
    vi.stubEnv('NO_COLOR', '');
    const output = new Collected({ isTTY: true });
    createProgress(output).phase('bold');
    vi.unstubAllEnvs();
    expect(output.text).toContain('\u001b[1mbold');
  });
});

test('durations', () => {
  expect([0, 400, 59_400, 59_600, 80_000].map(duration)).toEqual(['0 s', '0 s', '59 s', '1 min 0 s', '1 min 20 s']);
});
