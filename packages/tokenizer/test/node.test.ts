import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bertTokenizer, gpt2Tokenizer } from '../src/index.js';
import { loadTokenizer, saveTokenizer, saveVocabulary } from '../src/node/index.js';
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
    expect((await readdir(at('deep/er'))).sort()).toEqual([
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
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

describe('what stands beside a tokenizer', () => {
  const special = {
    content: '<go>',
    lstrip: true,
    rstrip: false,
    normalized: false,
    single_word: false,
    special: true,
  };
  const config = {
    do_lower_case: false,
    model_max_length: 77,
    unk_token: '[UNK]',
    bos_token: { __type: 'AddedToken', content: '<go>' },
    additional_special_tokens: ['<a>', { content: '<b>' }],
    chat_template: [
      { name: 'default', template: '{{ a }}' },
      { name: 'tool', template: '{{ b }}' },
    ],
    added_tokens_decoder: { 10: special, 9: { ...special, content: '<a>', lstrip: false } },
    anything: { else: [1] },
  };

  test('is read, has its effect where there is no tokenizer.json, and is written again', async () => {
    await writeFile(at('vocab.txt'), `${VOCAB.join('\n')}\n`);
    await writeFile(at('tokenizer_config.json'), JSON.stringify(config));
    await writeFile(
      at('special_tokens_map.json'),
      JSON.stringify({ eos_token: { content: '<end>' }, bos_token: 'no' }),
    );
    const tokenizer = await loadTokenizer(directory);
    expect(tokenizer.encode('The  <go><a>', { addSpecialTokens: false }).ids).toEqual(Int32Array.of(8, 10, 9));
    expect(tokenizer.config.modelMaxLength).toBe(77);
    expect(tokenizer.config.specialTokens).toEqual({ bosToken: '<go>', eosToken: '<end>', unkToken: '[UNK]' });
    expect(tokenizer.config.additionalSpecialTokens).toEqual(['<a>', '<b>']);
    expect([...tokenizer.config.chatTemplates]).toEqual([
      ['default', '{{ a }}'],
      ['tool', '{{ b }}'],
    ]);
    await saveTokenizer(tokenizer, at('again'), { modelMaxLength: 5 });
    const written = JSON.parse(await readFile(at('again/tokenizer_config.json'), 'utf8'));
    expect(written).toMatchObject({
      anything: { else: [1] },
      chat_template: config.chat_template,
      model_max_length: 5,
    });
    expect(written.added_tokens_decoder[10]).toEqual(special);
    expect(JSON.parse(await readFile(at('again/special_tokens_map.json'), 'utf8'))).toEqual({
      bos_token: config.bos_token,
      eos_token: { content: '<end>' },
      unk_token: '[UNK]',
      additional_special_tokens: config.additional_special_tokens,
    });
    const again = await loadTokenizer(at('again'));
    expect(again.config.specialTokens).toEqual(tokenizer.config.specialTokens);
    expect(again.toJSON()).toEqual(tokenizer.toJSON());
  });

  test('a template file, and a limit that is none', async () => {
    await saveTokenizer(bertTokenizer({ vocab: VOCAB }), directory);
    await writeFile(at('chat_template.jinja'), '{{ c }}');
    await writeFile(at('tokenizer_config.json'), JSON.stringify({ model_max_length: 1e30, chat_template: 'x' }));
    const { config: found } = await loadTokenizer(directory);
    expect(found.modelMaxLength).toBeUndefined();
    expect([...found.chatTemplates]).toEqual([['default', '{{ c }}']]);
    expect(found.specialTokens).toMatchObject({ clsToken: '[CLS]', unkToken: '[UNK]' });
  });

  test.each([
    [{ chat_template: 5 }, 'chat_template'],
    [{ chat_template: [{ name: 'x' }] }, 'chat_template'],
    [{ cls_token: 3 }, 'cls_token'],
    [{ added_tokens_decoder: { x: '<a>' } }, 'added_tokens_decoder.x'],
    [{ added_tokens_decoder: { 3: { content: 'a', lstrip: 1 } } }, '"lstrip"'],
    [{ model_max_length: 'long' }, 'model_max_length'],
    [[], 'expected an object'],
  ])('%j is refused', async (wrong, words) => {
    await saveTokenizer(bertTokenizer({ vocab: VOCAB }), directory);
    await writeFile(at('tokenizer_config.json'), JSON.stringify(wrong));
    await expect(loadTokenizer(directory)).rejects.toMatchObject({ code: 'TOKENIZER_FILE_MALFORMED' });
    await expect(loadTokenizer(directory)).rejects.toThrow(words);
  });
});

describe('saving a vocabulary alone', () => {
  const gpt2 = (merges: [string, string][]) =>
    gpt2Tokenizer({ vocab: [...byteAlphabet(), ...merges.map((pair) => pair.join('')), '<|endoftext|>'], merges });

  test('vocab.txt, and vocab.json with merges.txt, load as the same', async () => {
    const bert = bertTokenizer({ vocab: VOCAB });
    expect(await saveVocabulary(bert, at('bert'))).toEqual([at('bert/vocab.txt')]);
    expect((await loadTokenizer(at('bert'))).toJSON()).toEqual(bert.toJSON());
    const gpt = gpt2([
      ['h', 'e'],
      ['he', 'y'],
    ]);
    expect(await saveVocabulary(gpt, at('gpt'))).toEqual([at('gpt/vocab.json'), at('gpt/merges.txt')]);
    expect((await loadTokenizer(at('gpt'))).toJSON()).toEqual(gpt.toJSON());
  });

  test('tiktoken ranks, where ids tell the order of merges', async () => {
    const path = at('vocab.tiktoken');
    await saveVocabulary(gpt2([['h', 'e']]), directory, { format: 'tiktoken' });
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.length).toBe(256 + 2);
    expect(lines[0]).toBe('AA== 0');
    expect(lines[256]).toBe(`${Buffer.from('he').toString('base64')} 256`);
  });

  test('ranks load by name or by option', async () => {
    const gpt = gpt2([['h', 'e']]);
    await saveVocabulary(gpt, directory, { format: 'tiktoken' });
    await expect(loadTokenizer(directory)).rejects.toThrow('encoding');
    await expect(loadTokenizer(directory, { encoding: 'x' as never })).rejects.toThrow('encoding');
    const byOption = await loadTokenizer(directory, { encoding: 'r50k_base' });
    expect(byOption.encodeIds('hey he')).toEqual(gpt.encodeIds('hey he'));
    await writeFile(at('cl100k_base.tiktoken'), await readFile(at('vocab.tiktoken')));
    const byName = await loadTokenizer(at('cl100k_base.tiktoken'));
    expect(byName.tokenToId('<|endofprompt|>')).toBe(100276);
    expect(byName.decode(byName.encodeIds('hey 123'))).toBe('hey 123');
  });

  test('what a format cannot hold is refused, and nothing is written', async () => {
    const holes = bertTokenizer({
      vocab: new Map([...VOCAB.map((token, i): [string, number] => [token, i]), ['z', 99]]),
    });
    const turned = gpt2Tokenizer({
      vocab: [...byteAlphabet(), 'ab', 'cd'],
      merges: [
        ['c', 'd'],
        ['a', 'b'],
      ],
    });
    const lines = bertTokenizer({ vocab: [...VOCAB, 'a\nb'] });
    for (const work of [
      saveVocabulary(holes, directory),
      saveVocabulary(lines, directory),
      saveVocabulary(turned, directory, { format: 'tiktoken' }),
      saveVocabulary(lines, directory, { format: 'tiktoken' }),
    ]) {
      await expect(work).rejects.toMatchObject({ code: 'TOKENIZER_OPTION_INVALID' });
    }
    await expect(saveVocabulary(lines, directory, { fromat: 1 } as never)).rejects.toThrow('"format"');
    expect(await readdir(directory)).toEqual([]);
  });
});
