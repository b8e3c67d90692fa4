import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Tokenizer, trainByteLevelBpe, trainTokenizer, trainWordPiece } from '@gerbert/tokenizer';
import { loadTokenizer } from '@gerbert/tokenizer/node';
import { beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { Collected, run, temporaryFolder } from '../harness.js';

const texts = [
  'Who wrote the letter?\r\n',
  'Mary wrote the letters, the letters were hers.\r\n',
  '\n',
  'Ünder the tree, THE END',
];

let folder: string;
let out: string;
let corpus: string[];

beforeEach(() => {
  folder = temporaryFolder();
  out = path.join(folder, 'new/tokenizer.json');
  corpus = ['a.txt', 'b.txt'].map((name) => path.join(folder, name));
  writeFileSync(corpus[0], texts.slice(0, 2).join(''));
  writeFileSync(corpus[1], texts.slice(2).join(''));
});

const train = (...flags: string[]) => run(['tokenizer', 'train', '--corpus', ...corpus, '--out', out, ...flags]);

const optionsFile = (options: object): string => {
  const file = path.join(folder, 'options.json');
  writeFileSync(file, JSON.stringify(options));
  return file;
};

/** That a training went well, and what it wrote. */
async function trained(...flags: string[]): Promise<Tokenizer> {
  const { exitCode, stderr } = await train(...flags);
  expect(exitCode, stderr).toBe(0);
  return loadTokenizer(out);
}

describe('gerbert tokenizer train', () => {
  test('learns from lines with their endings what the library learns from them', async () => {
    const { exitCode, stdout } = await train('--model', 'bpe', '--vocab-size', '400');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/tokenizer\.json: \d+ tokens, in \d+\.\d s\n$/);
    const expected = await trainByteLevelBpe(texts, { vocabSize: 400 });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(expected.toJSON());
    expect(expected.tokenToId('čĊ')).toBeDefined();
    expect(readdirSync(path.dirname(out))).toEqual(['tokenizer.json']);
  });

  test("gives WordPiece BERT's pipeline", async () => {
    const tokenizer = await trained('--model', 'wordpiece', '--vocab-size', '60', '--min-frequency', '1');
    const expected = await trainWordPiece(texts, { vocabSize: 60, minFrequency: 1 });
    expect(tokenizer.vocab()).toEqual(expected.vocab());
    for (const text of ['THE ünder', 'letters!']) {
      expect(tokenizer.encode(text, { pair: text }).toJSON()).toEqual(expected.encode(text, { pair: text }).toJSON());
    }
    const cased = await trained('--model', 'wordpiece', '--vocab-size', '60', '--no-lowercase');
    expect(cased.tokenToId('Ü')).toBeDefined();
    const without = await trained('--model', 'wordpiece', '--special-tokens', '[UNK]', 'x');
    expect(without.encode('tree').tokens).not.toContain('[CLS]');
    expect(without.tokenToId('x')).toBe(1);
  });

  test('gives Unigram and WordLevel pipelines of theirs', async () => {
    const level = await trained('--model', 'wordlevel', '--lowercase', '--unk-token', '<u>');
    expect(level.encode('The tree nowhere').tokens).toEqual(['the', 'tree', '<u>']);
    const unigram = await trained('--model', 'unigram', '--vocab-size', '60');
    const { ids, tokens } = unigram.encode('the letter Ω');
    expect(tokens[0]).toMatch(/^▁/);
    expect(tokens.at(-1)).toBe('Ω');
    expect([ids.at(-1), unigram.idToToken(0)]).toEqual([0, '<unk>']);
    expect(unigram.decode(unigram.encodeIds('the   letters'))).toBe('the letters');
    expect([...unigram.vocab().keys()].join('')).not.toMatch(/\s/);
  });

  test('can leave bytes alone', async () => {
    const bpe = await trained('--model', 'bpe', '--no-byte-level', '--vocab-size', '40', '--min-frequency', '1');
    expect(bpe.encode('the ß').tokens.at(-1)).toBe('[UNK]');
    expect(bpe.encodeIds('the').length).toBeLessThan(3);
  });

  test('takes every option of the trainer as a flag', async () => {
    const flags = ['--model', 'bpe', '--no-byte-level', '--vocab-size', '50', '--min-frequency', '1'];
    const more = ['--special-tokens', '<s>', '</s>', '<unk>', '--limit-alphabet', '12', '--initial-alphabet', 'zß😀'];
    const affixes = ['--continuing-subword-prefix', '@', '--end-of-word-suffix', '</w>', '--max-token-length', '4'];
    const model = ['--unk-token', '<unk>', '--fuse-unk'];
    const tokenizer = await trained(...flags, ...more, ...affixes, ...model);
    const expected = await trainTokenizer(texts, {
      model: 'bpe',
      preTokenizer: { type: 'Whitespace' },
      vocabSize: 50,
      minFrequency: 1,
      specialTokens: ['<s>', '</s>', '<unk>'],
      limitAlphabet: 12,
      initialAlphabet: ['z', 'ß', '😀'],
      continuingSubwordPrefix: '@',
      endOfWordSuffix: '</w>',
      decoder: { type: 'BPEDecoder', suffix: '</w>' },
      maxTokenLength: 4,
      modelOptions: { unkToken: '<unk>', fuseUnk: true },
    });
    expect(tokenizer.toJSON()).toEqual(expected.toJSON());
  });

  test.each([
    ['as in JavaScript', { preTokenizer: { type: 'WhitespaceSplit' }, vocabSize: 40, modelOptions: { unkToken: 'U' } }],
    ['as in tokenizer.json', { pre_tokenizer: { type: 'WhitespaceSplit' }, vocab_size: 40, unk_token: 'U' }],
  ])('takes options from a file, spelt %s, and then no preset', async (_, options) => {
    const special = { content: 'U', single_word: true, lstrip: false };
    const file = optionsFile({ model: 'bpe', special_tokens: [special, '<b>'], decoder: null, ...options });
    const tokenizer = await trained('--options', file);
    const expected = await trainTokenizer(texts, {
      model: 'bpe',
      preTokenizer: { type: 'WhitespaceSplit' },
      vocabSize: 40,
      specialTokens: [{ content: 'U', singleWord: true }, '<b>'],
      modelOptions: { unkToken: 'U' },
    });
    expect(tokenizer.toJSON()).toEqual(expected.toJSON());
  });

  test('has flags go before the file, and the file before the preset', async () => {
    const file = optionsFile({ model: 'wordpiece', vocabSize: 60, minFrequency: 1000 });
    const size = async (...flags: string[]) => (await trained('--options', file, ...flags)).vocabSize;
    const alphabet = await size();
    expect(alphabet).toBeLessThan(60);
    expect(await size('--min-frequency', '1')).toBe(60);
    expect(await size('--min-frequency', '1', '--vocab-size', '59')).toBe(59);
    expect((await trained('--options', file)).tokenToId('[MASK]')).toBe(4);
  });

  test('--json tells the result on the standard output, and progress goes to the standard error', async () => {
    const { stdout, stderr } = await train('--model', 'bpe', '--vocab-size', '270', '--json');
    expect(JSON.parse(stdout)).toEqual({ out, model: 'BPE', vocabSize: 270, seconds: expect.any(Number) });
    expect(stderr).toContain('merging, tokens  270/270  100 %');
  });
});

describe('gerbert tokenizer train refuses', () => {
  test.each([
    [{ model: 'bpe', vocabsize: 3 }, 'there is no "vocabsize". Did you mean "vocabSize"?'],
    [{ model: 'bpe', __proto__x: 1 }, 'Did you mean'],
    [{ model: 'bpe', vocabSize: 3, vocab_size: 3 }, '"vocabSize" is there twice'],
    [{ model: 'bpe', modelOptions: { fuseUnknown: 'x' } }, 'Did you mean "fuseUnk"?'],
    [{ model: 'bpe', modelOptions: 3 }, 'modelOptions must be an object'],
    [{ model: 'bp' }, 'Did you mean "bpe"?'],
    [{ model: 7 }, 'must be one of bpe'],
    [[], 'expected an object'],
    [{ model: 'wordlevel', seedSize: 3 }, 'seedSize'],
    [{ model: 'bpe', vocabSize: '300' }, 'vocabSize'],
    [{ model: 'bpe', preTokenizer: { type: 'Nonesuch' } }, 'Nonesuch'],
  ])('the options %j', async (options, message) => {
    const { exitCode, stdout, stderr } = await train('--options', optionsFile(options));
    expect(exitCode).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(readdirSync(folder)).not.toContain('new');
  });

  test.each([
    [['--vocab-size', '3'], '--model is missing'],
    [['--model', 'bpe', '--vocab-size', '0'], 'at least 1'],
    [['--model', 'wordpeace'], 'Did you mean "wordpiece"?'],
    [['--model', 'bpe', '--vocabsize', '3'], 'Did you mean "--vocab-size"?'],
    [['--model', 'bpe', '--options', 'nothing.json'], 'there is no such file'],
    [['--model', 'bpe', '--dropout', '2'], 'from 0 to 1'],
    [['--model', 'bpe', '--corpus', 'nothing.txt'], '--corpus nothing.txt: there is no such file'],
    [['--model', 'bpe', '--corpus', '.'], '--corpus . is a folder'],
    [['--model', 'bpe', '--out', '.'], '--out .: a folder'],
    [['--model', 'bpe', '--out', '/proc/new/x.json'], '--out /proc/new'],
    [['--model', 'wordlevel', '--seed-size', '5'], 'seedSize'],
  ])('%j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await train(...flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).not.toContain('new');
  });

  test('flags of presets where the file names the pipeline', async () => {
    const file = optionsFile({ model: 'bpe', normalizer: null });
    expect(await train('--options', file, '--lowercase')).toMatchObject({ exitCode: 2 });
  });

  test('text that is not UTF-8, naming the line, and leaves what was there', async () => {
    writeFileSync(corpus[1], Buffer.concat([Buffer.from('a\nb'), Buffer.of(0xff), Buffer.from('\n')]));
    mkdirSync(path.dirname(out));
    writeFileSync(out, 'old');
    const { exitCode, stderr } = await train('--model', 'bpe');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error [TOKENIZER_FILE_MALFORMED]: ${corpus[1]}: line 2 is not UTF-8`);
    expect(readFileSync(out, 'utf8')).toBe('old');
    expect(readdirSync(path.dirname(out))).toEqual(['tokenizer.json']);
  });
});

describe('Ctrl-C', () => {
  const start = (exit: (exitCode: number) => void = () => {}) => {
    writeFileSync(corpus[0], Array.from({ length: 200_000 }, (_, i) => `${i.toString(36)} words ${i}\n`).join(''));
    const signals = new EventEmitter();
    const [stdout, stderr] = [new Collected(), new Collected()];
    const argv = ['tokenizer', 'train', '--corpus', ...corpus, '--model', 'bpe', '--vocab-size', '300', '--out', out];
    return { stdout, stderr, signals, end: main(argv, { stdin: [] as never, stdout, stderr, signals, exit }) };
  };

  test('ends a training and leaves nothing', async () => {
    const { stdout, stderr, signals, end } = start();
    await expect.poll(() => signals.listenerCount('SIGINT')).toBe(1);
    expect(readdirSync(folder)).toContain('new');
    setTimeout(() => signals.emit('SIGINT'), 30);
    expect(await end).toBe(130);
    expect({ stdout: stdout.text, stderr: stderr.text }).toEqual({ stdout: '', stderr: 'gerbert: interrupted\n' });
    expect(readdirSync(folder)).not.toContain('new');
    expect(signals.listenerCount('SIGINT')).toBe(0);
  });

  test('a second one does not wait', async () => {
    const left: [number, boolean][] = [];
    const { signals, end } = start((exitCode) => left.push([exitCode, readdirSync(folder).includes('new')]));
    await expect.poll(() => signals.listenerCount('SIGINT')).toBe(1);
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    expect(left).toEqual([[130, false]]);
    expect(await end).toBe(130);
  });
});
