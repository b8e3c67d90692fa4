import { type Tokenizer, trainByteLevelBpe, trainWordPiece } from '@gerbert/tokenizer';
import type { Corpus, Document } from '../corpora/index.js';
import type { Plan } from './plan.js';

export const endOfText = '<|endoftext|>';

export interface Tokenizers {
  wordpiece: Tokenizer;
  bpe: Tokenizer;
}

/** Trains both tokenizers on the training documents. */
export async function trainTokenizers(corpus: Corpus, plan: Plan, signal: AbortSignal): Promise<Tokenizers> {
  const texts = corpus.train.map(({ text }) => text);
  const { wordpiece, bpe } = plan.vocabulary;
  return {
    wordpiece: await trainWordPiece(texts, { vocabSize: wordpiece, lowercase: true, signal }),
    bpe: await trainByteLevelBpe(texts, { vocabSize: bpe, specialTokens: [endOfText], signal }),
  };
}

/** Every document as its sentences' token ids. */
export function sentenceIds(documents: readonly Document[], tokenizer: Tokenizer): Int32Array[][] {
  return documents.map(({ sentences }) =>
    sentences.map((sentence) => tokenizer.encodeIds(sentence)).filter(({ length }) => length > 0),
  );
}

/** One stream of tokens: the end-of-text token before, between and after the documents. `bytes`: UTF-8 bytes of the documents. */
export function tokenStream(documents: readonly Document[], tokenizer: Tokenizer): { ids: Int32Array; bytes: number } {
  const end = tokenizer.tokenToId(endOfText)!;
  const parts = documents.map(({ text }) => tokenizer.encodeIds(text));
  const ids = new Int32Array(1 + parts.reduce((sum, { length }) => sum + length + 1, 0));
  ids[0] = end;
  let at = 1;
  for (const part of parts) {
    ids.set(part, at);
    at += part.length;
    ids[at++] = end;
  }
  return { ids, bytes: documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) };
}

/** Whole documents, evenly chosen, of about `tokens` tokens in all, the last one cut: a held-out text that can be scored in seconds. */
export function heldOutStream(documents: readonly Document[], tokenizer: Tokenizer, tokens: number) {
  const share = Math.max(1, Math.min(16, documents.length));
  const each = Math.ceil(tokens / share);
  const cut = Array.from({ length: share }, (_, i) => {
    const { text } = documents[Math.floor((i * documents.length) / share)]!;
    const ids = tokenizer.encodeIds(text);
    return { text: tokenizer.decode(ids.subarray(0, each)), sentences: [] };
  });
  // Short documents leave room for more of them.
  const stream = tokenStream(cut, tokenizer);
  return stream.ids.length >= tokens / 2 || share === documents.length
    ? stream
    : tokenStream(documents.slice(0, Math.ceil(tokens / (stream.ids.length / share))), tokenizer);
}
