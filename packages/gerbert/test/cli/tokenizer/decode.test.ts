import { describe, expect, test } from 'vitest';
import { run } from '../harness.js';
import { bertFile, valuesOf } from './fixture.js';

const decode = (flags: string[], stdin?: Parameters<typeof run>[1]) =>
  run(['tokenizer', 'decode', '--tokenizer', bertFile(), ...flags], stdin);

describe('gerbert tokenizer decode --json', () => {
  test('leaves special tokens out unless a line, or the flag, wants them', async () => {
    const stdin =
      '{"ids":[2,5,6,3]}\n{"ids":[2,5,3],"skipSpecialTokens":false}\n{"ids":[11,12],"skipSpecialTokens":null}';
    expect(valuesOf((await decode(['--json'], { stdin })).stdout)).toEqual([
      { text: 'who wrote' },
      { text: '[CLS] who [SEP]' },
      { text: 'letters' },
    ]);
    const kept = await decode(['--json', '--keep-special-tokens'], {
      stdin: '{"ids":[2,5]}\n{"ids":[2,5],"skipSpecialTokens":true}',
    });
    expect(valuesOf(kept.stdout)).toEqual([{ text: '[CLS] who' }, { text: 'who' }]);
  });

  test('tells what is wrong with a line on that line, and goes on', async () => {
    const bad: [string, string, RegExp][] = [
      ['{"ids":[5,]}', 'LINE_NOT_JSON', /not JSON/],
      ['[5]', 'LINE_INVALID', /found an array/],
      ['{"ids":"5"}', 'LINE_INVALID', /"ids" must be an array, not a string/],
      ['{"skipSpecialTokens":true}', 'LINE_INVALID', /"ids" must be an array, not nothing/],
      ['{"ids":[5,-1]}', 'LINE_INVALID', /from 0 to 14; number 2 is -1/],
      ['{"ids":[15]}', 'LINE_INVALID', /number 1 is 15/],
      ['{"ids":[4294967301]}', 'LINE_INVALID', /number 1 is 4294967301/],
      ['{"ids":[1.5]}', 'LINE_INVALID', /number 1 is 1\.5/],
      ['{"ids":["5"]}', 'LINE_INVALID', /number 1 is "5"/],
      ['{"ids":[null]}', 'LINE_INVALID', /number 1 is null/],
      ['{"ids":[[5]]}', 'LINE_INVALID', /number 1 is an array/],
      ['{"ids":[5],"skipSpecialTokens":1}', 'LINE_INVALID', /must be true or false, not 1/],
      ['{"ids":[5],"skipSpecial":true}', 'LINE_INVALID', /Did you mean "skipSpecialTokens"\?/],
    ];
    const stdin = bad.map(([line]) => `{"ids":[5]}\n${line}\n`).join('');
    const { exitCode, stdout } = await decode(['--json'], { stdin });
    expect(exitCode).toBe(1);
    const answers = valuesOf(stdout);
    bad.forEach(([, code, message], i) => {
      expect(answers[2 * i]).toEqual({ text: 'who' });
      expect(answers[2 * i + 1]).toEqual({ error: { code, message: expect.stringMatching(message), line: 2 * i + 2 } });
    });
  });
});

describe('gerbert tokenizer decode', () => {
  test('reads ids with spaces or commas between them', async () => {
    const { exitCode, stdout } = await decode([], { stdin: '2 5 6,3\n\n11,12\r\n 5,  6 ' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'who wrote\n\nletters\nwho wrote\n' });
  });

  test('takes the ids of one text from the command line', async () => {
    expect((await decode(['2', '5', '6,3'])).stdout).toBe('who wrote\n');
    expect((await decode(['--keep-special-tokens', '2', '5'])).stdout).toBe('[CLS] who\n');
  });

  test('refuses what is no id', async () => {
    for (const word of ['who', '5.5', '15', '0x5']) {
      const { exitCode, stdout, stderr } = await decode(['5', word]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^error \[OPTION_INVALID\]: .*number 2 is/);
    }
    const { exitCode, stdout, stderr } = await decode([], { stdin: '5 x\n5' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '\nwho\n' });
    expect(stderr).toContain('line 1 [LINE_INVALID]');
  });
});
