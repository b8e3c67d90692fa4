import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bertTokenizer, gpt2Tokenizer } from '../src/index.js';
import { loadTokenizer, saveTokenizer } from '../src/node/index.js';
import { byteAlphabet } from '../src/text/byte-alphabet.js';
import { dataPath } from './goldens.js';

const VOCAB = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'cat', '##s', 'The'];

let directory: string;
const at = (name: string) => join(directory, name);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gerbert-tokenizer-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('saving', () => {
  test('BERT: both files, whole, with the names other libraries look for', async () => {
    const tokenizer = bertTokenizer({ vocab: VOCAB, lowercase: false });
    await saveTokenizer(tokenizer, at('deep/er'), { modelMaxLength: 512 });
    expect((await readdir(at('deep/er'))).sort()).toEqual(['tokenizer.json', 'tokenizer_config.json']);
    const config = JSON.parse(await readFile(at('deep/er/tokenizer_config.json'), 'utf8'));
    expect(config).toMatchObject({ tokenizer_class: 'BertTokenizer', do_lower_case: false, model_max_length: 512 });
    expect(config).toMatchObject({ cls_token: '[CLS]', sep_token: '[SEP]', mask_token: '[MASK]', pad_token: '[PAD]' });
    expect(config.added_tokens_decoder['2']).toMatchObject({ content: '[CLS]', special: true });
    expect((await loadTokenizer(at('deep/er'))).toJSON()).toEqual(tokenizer.toJSON());
  });

  test('GPT-2', async () => {
    const vocab = [...byteAlphabet(), 'he', '<|endoftext|>'];
    const tokenizer = gpt2Tokenizer({ vocab, merges: [['h', 'e']] });
    await saveTokenizer(tokenizer, directory);
    const config = JSON.parse(await readFile(at('tokenizer_config.json'), 'utf8'));
    expect(config).toMatchObject({ tokenizer_class: 'GPT2Tokenizer', eos_token: '<|endoftext|>' });
    expect(config).not.toHaveProperty('model_max_length');
    expect((await loadTokenizer(at('tokenizer.json'))).encodeIds('he h')).toEqual(tokenizer.encodeIds('he h'));
  });

  test('leaves nothing behind where it fails', async () => {
    await mkdir(at('tokenizer.json'));
    await expect(saveTokenizer(bertTokenizer({ vocab: VOCAB }), directory)).rejects.toThrow();
    expect(await readdir(directory)).toEqual(['tokenizer.json']);
  });
});

describe('loading', () => {
  test('vocab.txt lowers unless tokenizer_config.json says no', async () => {
    await writeFile(at('vocab.txt'), `${VOCAB.join('\r\n')}\r\n`);
    expect((await loadTokenizer(directory)).encode('The cats').tokens).toEqual(['[CLS]', 'the', 'cat', '##s', '[SEP]']);
    await writeFile(at('tokenizer_config.json'), '{"do_lower_case": false}');
    expect((await loadTokenizer(at('vocab.txt'))).encode('The').tokens).toEqual(['[CLS]', 'The', '[SEP]']);
  });

  test('vocab.json with merges.txt', async () => {
    const vocab = Object.fromEntries([...byteAlphabet(), 'he', '##'].map((token, id) => [token, id]));
    await writeFile(at('vocab.json'), JSON.stringify(vocab));
    await writeFile(at('merges.txt'), '#version: 0.2\nh e\n# #\n');
    const tokenizer = await loadTokenizer(directory);
    expect(tokenizer.encode('he#a').tokens).toEqual(['he', '#', 'a']);
    expect(tokenizer.encode('##').tokens).toEqual(['##']);
  });

  test('encoder.json with vocab.bpe is the same tokenizer as tokenizer.json', async (ctx) => {
    const folder = dataPath('vocab/gpt2');
    if (folder === undefined) return ctx.skip('vocab/gpt2 is not in the data folder (GERBERT_DATA)');
    const [a, b] = await Promise.all([loadTokenizer(join(folder, 'encoder.json')), loadTokenizer(folder)]);
    expect(a.vocab()).toEqual(b.vocab());
    const text = "Hello there, it's naïve 東京 <|endoftext|>";
    expect(a.encodeIds(text)).toEqual(b.encodeIds(text));
  });

  test.each([
    ['nothing/there', undefined, 'TOKENIZER_FILE_MISSING', 'no such file'],
    ['', undefined, 'TOKENIZER_FILE_MISSING', 'looked for tokenizer.json'],
    ['tokenizer.json', '{"version": ', 'TOKENIZER_FILE_MALFORMED', 'not JSON'],
    ['tokenizer.json', '{"version": "2.0"}', 'TOKENIZER_FILE_MALFORMED', 'version'],
    ['tokenizer.json', '{"model": {"type": "Bigram"}}', 'TOKENIZER_COMPONENT_UNSUPPORTED', 'WordPiece, BPE'],
    ['vocab.txt', '', 'TOKENIZER_FILE_MALFORMED', 'empty'],
    ['vocab.txt', 'a\nb\n', 'TOKENIZER_FILE_MALFORMED', '[SEP]'],
    ['vocab.txt', Buffer.from([0xff, 0xfe]), 'TOKENIZER_FILE_MALFORMED', 'encoded'],
  ])('%s holding %j', async (name, content, code, words) => {
    if (content !== undefined) await writeFile(at(name), content);
    const error = await loadTokenizer(at(name)).catch((e) => e);
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(at(name).replace(/\/$/, ''));
    expect(error.message).toContain(words);
  });

  test('a bad line of merges.txt', async () => {
    await writeFile(at('vocab.json'), '{"a": 0, "b": 1}');
    await writeFile(at('merges.txt'), 'a b c\n');
    await expect(loadTokenizer(directory)).rejects.toThrow(/merges\.txt: line 1: expected two tokens/);
    await writeFile(at('merges.txt'), 'a b\n');
    await expect(loadTokenizer(directory)).rejects.toThrow(/merges\.txt: .*"ab", which is not in the vocabulary/);
  });
});
