/** A text of its own: an address, a chapter, a story, a file. */
export interface Document {
  text: string;
  sentences: readonly string[];
  /** What is known of it, as far as its source says. */
  meta?: { year?: number; name?: string; party?: string; title?: string };
}

/** Documents, whole ones of which are held out for choosing (`validation`) and for measuring (`test`). */
export interface Corpus {
  name: string;
  lang: 'en' | 'zh';
  train: readonly Document[];
  validation: readonly Document[];
  test: readonly Document[];
  /** Of all three together. */
  documents: number;
  sentences: number;
  /** UTF-8 bytes of all texts. */
  bytes: number;
}

/** Puts documents that have been divided already into a corpus, and counts them. */
export function assemble(
  { name, lang }: Pick<Corpus, 'name' | 'lang'>,
  parts: Pick<Corpus, 'train' | 'validation' | 'test'>,
): Corpus {
  const all = [...parts.train, ...parts.validation, ...parts.test];
  return {
    name,
    lang,
    ...parts,
    documents: all.length,
    sentences: all.reduce((sum, { sentences }) => sum + sentences.length, 0),
    bytes: all.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
  };
}

/** Every tenth document for measuring, every twentieth (between those) for choosing, the rest for training. Two documents at least give one for measuring. */
export function divide(documents: readonly Document[]): Pick<Corpus, 'train' | 'validation' | 'test'> {
  const parts = { train: [] as Document[], validation: [] as Document[], test: [] as Document[] };
  // In a corpus of few documents the last one is held out for both.
  const few = documents.length < 10;
  for (const [i, document] of documents.entries()) {
    const held = few ? i === documents.length - 1 && i > 0 : i % 10 === 9;
    const chosen = few ? held : i % 20 === 4;
    if (held) parts.test.push(document);
    if (chosen) parts.validation.push(document);
    if (!held && !chosen) parts.train.push(document);
  }
  return parts;
}
