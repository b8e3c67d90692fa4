import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCorpus } from '../../src/corpora/index.js';

let folder: string;
const at = (name: string) => join(folder, name);
const options = { seed: 1, lang: 'en', stories: 0 } as const;
const load = (...names: string[]) => loadCorpus({ paths: names.map(at) }, options);
const sentences = (count: number, of: string) =>
  Array.from({ length: count }, (_, i) => `Line ${i} of ${of}.`).join(' ');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gerbert-corpora-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadCorpus of the user’s own files', () => {
  it('takes every file for a document, and of a folder its text files in order of name', async () => {
    await mkdir(at('many'));
    for (let i = 0; i < 20; i++)
      await writeFile(at(`many/${String.fromCharCode(97 + i)}.txt`), sentences(3, `file ${i}`));
    await writeFile(at('many/b.md'), '# A heading\n\nand its text. Æsop’s, too.');
    await writeFile(at('many/picture.png'), Buffer.of(0x89, 0x50, 0, 0xff));
    const { train, validation, test, documents, bytes, lang } = await load('many');
    expect([documents, train.length, validation.length, test.length, lang]).toEqual([21, 18, 1, 2, 'en']);
    expect(test.map(({ meta }) => meta?.title)).toEqual(['i.txt', 's.txt']);
    const markdown = train.find(({ meta }) => meta?.title === 'b.md')!;
    expect(markdown.sentences).toEqual(['# A heading', 'and its text.', 'Æsop’s, too.']);
    const all = [...train, ...validation, ...test].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBe(all);
  });

  it('holds out the last of a few files', async () => {
    for (const name of ['one', 'two']) await writeFile(at(`${name}.txt`), sentences(5, name));
    const { train, validation, test } = await load('one.txt', 'two.txt');
    expect([train, validation, test].map((part) => part.map(({ meta }) => meta?.title))).toEqual([
      ['one.txt'],
      ['two.txt'],
      ['two.txt'],
    ]);
  });

  it('cuts a single file at blank lines or headings, and loses nothing', async () => {
    // The last paragraph is too short to be a document of its own.
    const paragraphs = Array.from({ length: 60 }, (_, i) => sentences(i < 59 ? 100 : 1, `paragraph ${i}`));
    await writeFile(at('single.txt'), paragraphs.join('\n\n'));
    const cut = await load('single.txt');
    expect(cut.documents).toBeGreaterThanOrEqual(10);
    expect(cut.sentences).toBe(59 * 100 + 1);
    await writeFile(
      at('book.md'),
      Array.from({ length: 12 }, (_, i) => `# Chapter ${i}\n\n${sentences(4, `chapter ${i}`)}`).join('\n'),
    );
    const book = await load('book.md');
    expect(book.documents).toBe(12);
    expect(book.train[0].text).toMatch(/^# Chapter 0\n/);
    // A byte order mark is no text.
    await writeFile(at('marked.txt'), `\uFEFF${paragraphs.join('\n\n')}`);
    expect((await load('marked.txt')).train[0].text).toMatch(/^Line 0/);
  });

  it.each([
    ['a missing file', 'FILE_UNREADABLE', 'gone.txt', undefined],
    ['an empty file', 'CORPUS_EMPTY', 'empty.txt', Buffer.from(' \n')],
    ['bytes that are not UTF-8', 'CORPUS_NOT_TEXT', 'latin1.txt', Buffer.from('Gr\xfc\xdfe.', 'latin1')],
    ['a binary file', 'CORPUS_NOT_TEXT', 'binary.txt', Buffer.from('ab\0cd')],
    ['a file too short to hold any of it out', 'CORPUS_TOO_SMALL', 'short.txt', Buffer.from('One. Two.')],
  ])('refuses %s, naming it', async (_, code, name, content) => {
    if (content !== undefined) await writeFile(at(name), content);
    const named = expect.stringContaining(name) as unknown as string;
    await expect(load(name)).rejects.toEqual(expect.objectContaining({ code, message: named }));
  });

  it('refuses a folder without texts', async () => {
    await mkdir(at('none'));
    await expect(load('none')).rejects.toEqual(expect.objectContaining({ code: 'CORPUS_EMPTY' }));
  });
});
