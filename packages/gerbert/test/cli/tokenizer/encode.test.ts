import { loadTokenizer } from '@gerbert/tokenizer/node';
import { describe, expect, test } from 'vitest';
import { run } from '../harness.js';
import { bertFile, valuesOf } from './fixture.js';

const encode = (flags: string[], stdin?: Parameters<typeof run>[1]) =>
  run(['tokenizer', 'encode', '--tokenizer', bertFile(), ...flags], stdin);

describe('gerbert tokenizer encode --json', () => {
  test('writes all there is of an encoding', async () => {
    const { exitCode, stdout, stderr } = await encode(['--json'], {
      stdin: '{"text":"Who wrote","pair":"letters?"}\n',
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(valuesOf(stdout)).toEqual([
      {
        ids: [2, 5, 6, 3, 11, 12, 8, 3],
        tokens: ['[CLS]', 'who', 'wrote', '[SEP]', 'letter', '##s', '?', '[SEP]'],
        typeIds: [0, 0, 0, 0, 1, 1, 1, 1],
        attentionMask: [1, 1, 1, 1, 1, 1, 1, 1],
        specialTokensMask: [1, 0, 0, 1, 0, 0, 0, 1],
        wordIds: [null, 0, 1, null, 0, 0, 1, null],
        sequenceIds: [null, 0, 0, null, 1, 1, 1, null],
        offsets: [
          [0, 0],
          [0, 3],
          [4, 9],
          [0, 0],
          [0, 6],
          [6, 7],
          [7, 8],
          [0, 0],
        ],
        overflowing: [],
      },
    ]);
  });

  test('writes what Encoding.toJSON says, whatever the tokens', async () => {
    const file = bertFile({
      padding: {
        strategy: { Fixed: 6 },
        direction: 'Left',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 7,
        pad_token: '"\\',
      },
    });
    const { stdout } = await run(
      ['tokenizer', 'encode', '--tokenizer', file, '--json', '--max-length', '4', '--pair', '😀 it'],
      {
        stdin: '"who\\u0000 😀 mary"\n""',
      },
    );
    const tokenizer = await loadTokenizer(file);
    const options = { pair: '😀 it', truncation: { maxLength: 4 } };
    const texts = ['who\0 😀 mary', ''];
    expect(valuesOf(stdout)).toEqual(texts.map((text) => JSON.parse(JSON.stringify(tokenizer.encode(text, options)))));
  });

  test('overflows as the library does, all the way down', async () => {
    const file = bertFile();
    const line = { text: 'who wrote it ? who wrote it ?', pair: 'mary mary' };
    const flags = ['--json', '--max-length', '8', '--stride', '1', '--strategy', 'only_first'];
    const { stdout } = await run(['tokenizer', 'encode', '--tokenizer', file, ...flags], {
      stdin: JSON.stringify(line),
    });
    const tokenizer = await loadTokenizer(file);
    const truncation = { maxLength: 8, stride: 1, strategy: 'only_first' } as const;
    const { ids, overflowing } = tokenizer.encode(line.text, { pair: line.pair, truncation });
    const [written] = valuesOf(stdout) as { ids: number[]; overflowing: { ids: number[] }[] }[];
    expect(overflowing.length).toBeGreaterThan(1);
    expect(written.ids).toEqual([...ids]);
    expect(written.overflowing.map((part) => part.ids)).toEqual(overflowing.map((part) => [...part.ids]));
  });

  test.each([
    [['--no-special-tokens'], '"who"', [5]],
    [[], '{"text":"who","addSpecialTokens":false}', [5]],
    [['--no-special-tokens'], '{"text":"who","addSpecialTokens":true}', [2, 5, 3]],
    [['--pair', 'it'], '"who"', [2, 5, 3, 7, 3]],
    [['--pair', 'it'], '{"text":"who","pair":"mary"}', [2, 5, 3, 9, 3]],
    [[], '{"text":"who","pair":null}', [2, 5, 3]],
    [['--pad', '5'], '"who"', [2, 5, 3, 0, 0]],
    [['--pad', '5', '--pad-side', 'left', '--pad-token', '[MASK]'], '"who"', [4, 4, 2, 5, 3]],
    [['--pad', '4', '--pad-id', '77', '--pad-token', 'x'], '"who"', [2, 5, 3, 77]],
    [['--pad-to-multiple-of', '4'], '"who"', [2, 5, 3, 0]],
    [['--max-length', '4', '--truncation-side', 'left'], '"who wrote it"', [2, 6, 7, 3]],
  ])('%j of %s', async (flags, stdin, ids) => {
    const { stdout } = await encode(['--json', ...flags], { stdin });
    expect(valuesOf(stdout)).toMatchObject([{ ids }]);
  });

  test('keeps to what the tokenizer says, unless told otherwise', async () => {
    const file = bertFile({
      truncation: { direction: 'Left', max_length: 3, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 5 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: '[PAD]',
      },
    });
    const idsWith = async (...flags: string[]) => {
      const argv = ['tokenizer', 'encode', '--tokenizer', file, '--ids', ...flags, 'who wrote it'];
      return (await run(argv)).stdout;
    };
    expect(await idsWith()).toBe('2 7 3 0 0\n');
    expect(await idsWith('--no-truncation', '--no-pad')).toBe('2 5 6 7 3\n');
    expect(await idsWith('--truncation-side', 'right', '--pad-token', '[UNK]')).toBe('2 5 3 1 1\n');
    expect(await idsWith('--max-length', '4', '--pad', '4')).toBe('2 6 7 3\n');
  });

  test('counts offsets in UTF-16 units, or code points', async () => {
    const stdin = '{"text":"😀 it","pair":"it 😀 ?"}';
    const offsets = async (...flags: string[]) => {
      const { stdout } = await encode(['--json', '--no-special-tokens', ...flags], { stdin });
      return (valuesOf(stdout) as { offsets: number[][] }[])[0].offsets;
    };
    expect(await offsets()).toEqual([
      [0, 2],
      [3, 5],
      [0, 2],
      [3, 5],
      [6, 7],
    ]);
    expect(await offsets('--code-points')).toEqual([
      [0, 1],
      [2, 4],
      [0, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  test('tells what is wrong with a line on that line, and goes on', async () => {
    const bad: [string, string, RegExp][] = [
      ['{"text":', 'LINE_NOT_JSON', /not JSON/],
      ['', 'LINE_NOT_JSON', /blank/],
      ['7', 'LINE_INVALID', /found 7/],
      ['null', 'LINE_INVALID', /found null/],
      ['["who","it"]', 'LINE_INVALID', /found an array/],
      ['{"pair":"it"}', 'LINE_INVALID', /"text" must be a string, not nothing/],
      ['{"text":["who"]}', 'LINE_INVALID', /"text" must be a string, not an array/],
      ['{"text":"who","pair":1}', 'LINE_INVALID', /"pair" must be a string, not 1/],
      ['{"text":"who","addSpecialTokens":"no"}', 'LINE_INVALID', /"addSpecialTokens" must be true or false/],
      ['{"text":"who","addSpecialToken":true}', 'LINE_INVALID', /Did you mean "addSpecialTokens"\?/],
      ['{"text":"who","__proto__":{}}', 'LINE_INVALID', /There is no "__proto__"/],
    ];
    const stdin = bad.map(([line]) => `"who"\n${line}\n`).join('');
    const { exitCode, stdout, stderr } = await encode(['--json'], { stdin });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`gerbert: ${bad.length} of ${2 * bad.length} lines could not be answered\n`);
    const answers = valuesOf(stdout);
    bad.forEach(([, code, message], i) => {
      expect(answers[2 * i]).toMatchObject({ ids: [2, 5, 3] });
      expect(answers[2 * i + 1]).toEqual({ error: { code, message: expect.stringMatching(message), line: 2 * i + 2 } });
    });
  });

  test('has the errors of the library on their line too', async () => {
    const flags = ['--json', '--max-length', '3', '--strategy', 'only_second'];
    const { exitCode, stdout } = await encode(flags, { stdin: '"who wrote it"\n"who"\n' });
    expect(exitCode).toBe(1);
    expect(valuesOf(stdout)).toMatchObject([
      { error: { code: 'TOKENIZER_TRUNCATION_IMPOSSIBLE', line: 1 } },
      { ids: [2, 5, 3] },
    ]);
  });

  test('ends lines at \\n only', async () => {
    const stdin = '"who\u2028\u0085it"\r\n"who\\rit"\n{"text":\r"it"}\n"mary"';
    const { exitCode, stdout } = await encode(['--json', '--no-special-tokens'], { stdin });
    expect(exitCode).toBe(0);
    expect(valuesOf(stdout)).toMatchObject([{ ids: [5, 7] }, { ids: [5, 7] }, { ids: [7] }, { ids: [9] }]);
  });

  test('takes half a surrogate pair, which counts as U+FFFD', async () => {
    const { exitCode, stdout } = await encode(['--json'], { stdin: '"who \\ud83d it"\n"\\ude00"' });
    expect(exitCode).toBe(0);
    expect(valuesOf(stdout)).toMatchObject([{ ids: [2, 5, 7, 3] }, { ids: [2, 3] }]);
  });

  test('reads bytes in any portions, with or without a byte order mark', async () => {
    const bytes = Buffer.from('\ufeff"ö 😀"\n\n"it"\n"ö');
    const whole = await encode(['--json'], { stdin: [bytes] });
    const single = await encode(['--json'], { stdin: Array.from(bytes, (byte) => Uint8Array.of(byte)) });
    expect(single).toEqual(whole);
    expect(valuesOf(whole.stdout)).toMatchObject([
      { ids: [2, 14, 13, 3] },
      { error: { code: 'LINE_NOT_JSON', line: 2 } },
      { ids: [2, 7, 3] },
      { error: { code: 'LINE_NOT_JSON', line: 4 } },
    ]);
  });

  test('refuses lines that are not UTF-8, and those alone', async () => {
    const stdin = [
      Buffer.from('"it"\n"'),
      Uint8Array.of(0xff),
      Buffer.from('"\n"'),
      Uint8Array.of(0xed, 0xa0, 0x80),
      Buffer.from('"\n"it"\n'),
    ];
    const { exitCode, stdout } = await encode(['--json'], { stdin });
    expect(exitCode).toBe(1);
    expect(valuesOf(stdout)).toMatchObject([
      { ids: [2, 7, 3] },
      { error: { code: 'LINE_NOT_UTF8', line: 2 } },
      { error: { code: 'LINE_NOT_UTF8', line: 3 } },
      { ids: [2, 7, 3] },
    ]);
  });

  test('of nothing is nothing', async () => {
    expect(await encode(['--json'], { stdin: '' })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('gerbert tokenizer encode', () => {
  test('prints tokens with their ids', async () => {
    const { exitCode, stdout } = await encode(['Who wrote it?', 'Mary', '--max-length', '4']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('[CLS] 2  who 5  wrote 6  [SEP] 3\n+ [CLS] 2  it 7  ? 8  [SEP] 3\n[CLS] 2  mary 9  [SEP] 3\n');
  });

  test('reads lines of text, of which an empty one is a text', async () => {
    const { exitCode, stdout } = await encode(['--ids'], { stdin: 'who\n\n"it"\r\nmary' });
    expect(exitCode).toBe(0);
    expect(stdout).toBe('2 5 3\n2 3\n2 1 7 1 3\n2 9 3\n');
  });

  test('says on the standard error what is wrong with a line', async () => {
    const stdin = [Buffer.from('who\n'), Uint8Array.of(0xff, 0x0a), Buffer.from('it')];
    const { exitCode, stdout, stderr } = await encode(['--ids'], { stdin });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '2 5 3\n\n2 7 3\n' });
    expect(stderr).toBe(
      'line 2 [LINE_NOT_UTF8]: The line is not UTF-8.\ngerbert: 1 of 3 lines could not be answered\n',
    );
  });

  test.each([
    [['--stride', '2'], /need --max-length/],
    [['--pad-side', 'left'], /need --pad/],
    [['--no-truncation', '--max-length', '3'], /--no-truncation/],
    [['--no-pad', '--pad-id', '3'], /--no-pad/],
    [['--json', '--ids'], /leave --ids out/],
    [['--code-points'], /needs --json/],
    [['--max-length', '-1'], /max-length/],
    [['--max-length', '1.5'], /integer/],
    [['--strategy', 'longest', '--max-length', '3'], /Did you mean "longest_first"\?/],
    [['--max-lenght', '3'], /Did you mean "--max-length"\?/],
    [['--pad', 'longer'], /integer/],
    [['--pad', '9', '--pad-token', 'nothing of the kind'], /not in the vocabulary/],
  ])('refuses %j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await encode([...flags, 'who']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  test('names the commands there are', async () => {
    const { exitCode, stderr } = await run(['tokenizer', 'encod']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "encode"?');
    expect(stderr).toContain('(gerbert tokenizer --help');
  });
});
