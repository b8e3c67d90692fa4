import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { GerbertError } from '@gerbert/tensor';
import type { Document } from './corpus.js';
import { sentencesOf } from './sentences.js';

const textFiles = new Set(['.txt', '.md', '.markdown', '.text']);

/** Documents one file is cut into at most, where it is the only one. */
const mostParts = 200;
/** Characters such a part has at least. */
const leastLength = 1000;

/**
 * The user's own texts: every file is a document; of a folder, its text files in order of name. A single file is cut at its headings or blank
 * lines into documents of about equal length, so that some can be held out.
 *
 * @throws `FILE_UNREADABLE`, `CORPUS_EMPTY`, `CORPUS_NOT_TEXT` (not UTF-8), each naming the file
 */
export async function readTextFiles(paths: readonly string[]): Promise<Document[]> {
  const files = (await Promise.all(paths.map(filesAt))).flat();
  const texts: { title: string; text: string }[] = [];
  for (const path of files) texts.push({ title: basename(path), text: await readText(path) });
  const [only] = texts;
  const parts =
    texts.length === 1 ? cut(only!.text).map((text, i) => ({ title: `${only!.title} (${i + 1})`, text })) : texts;
  return parts.map(({ title, text }) => ({ text, sentences: sentencesOf(text), meta: { title } }));
}

async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => textFiles.has(extname(name).toLowerCase())).sort();
    if (names.length === 0) {
      throw new GerbertError('CORPUS_EMPTY', `${path} holds no text file (${[...textFiles].join(', ')}).`);
    }
    return names.map((name) => join(path, name));
  } catch (cause) {
    if (cause instanceof GerbertError) throw cause;
    throw new GerbertError('FILE_UNREADABLE', `Cannot read the corpus ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new GerbertError('FILE_UNREADABLE', `Cannot read the corpus ${path}: ${cause.message}`, { cause });
  });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new GerbertError('CORPUS_NOT_TEXT', `${path} is not UTF-8 text.`, { cause });
  }
  if (text.includes('\0')) throw new GerbertError('CORPUS_NOT_TEXT', `${path} holds null characters: it is not text.`);
  if (text.trim() === '') throw new GerbertError('CORPUS_EMPTY', `${path} is empty.`);
  return text;
}

/** Gathers paragraphs into documents that hold enough to learn from; headings begin one where there are any. */
function cut(text: string): string[] {
  const chapters = text.split(/\n(?=#{1,3}\s)/u).filter((part) => part.trim() !== '');
  if (chapters.length >= 10) return chapters;
  const goal = Math.max(leastLength, text.length / mostParts);
  const documents: string[] = [];
  let held = '';
  for (const paragraph of text.split(/\n\s*\n/u)) {
    held += `${held === '' ? '' : '\n\n'}${paragraph}`;
    if (held.length < goal) continue;
    documents.push(held);
    held = '';
  }
  if (held.trim() !== '') documents.push(held);
  return documents;
}
