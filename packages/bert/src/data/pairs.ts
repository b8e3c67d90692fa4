import { checkOptions, GerbertError, RandomStream } from '@gerbert/tensor';
import { checkWhole } from '@gerbert/transformer';

/** Two segments for next-sentence prediction. */
export interface SegmentPair {
  a: Int32Array;
  b: Int32Array;
  /** 0: b follows a in its document; 1: b comes from another document. */
  label: 0 | 1;
}

export interface PairOptions {
  /** Most tokens of a and b together (without special tokens). */
  maxTokens: number;
  seed: number;
  /** Another epoch cuts and pairs the documents anew. */
  epoch: number;
  /** Share of pairs cut to a random shorter length. Default 0.1. */
  shortProbability?: number;
}

/**
 * Cuts documents into pairs of segments as BERT's pre-training data are made (Devlin et al. 2019, appendix A.2): sentences are gathered up to a
 * target length and split at a random sentence; in half of the pairs the second part is replaced by a stretch of another document, and the
 * sentences it displaced are used again.
 *
 * @param documents sentences of token ids, by document; empty ones count for nothing
 * @throws `OPTION_UNKNOWN`, `OPTION_RANGE`
 */
export function segmentPairs(documents: readonly (readonly Int32Array[])[], options: PairOptions): SegmentPair[] {
  checkOptions('segmentPairs()', options, ['maxTokens', 'seed', 'epoch', 'shortProbability']);
  checkWhole('segmentPairs(): maxTokens', options.maxTokens, 2);
  const { shortProbability = 0.1 } = options;
  if (!(shortProbability >= 0 && shortProbability <= 1)) {
    throw new GerbertError('OPTION_RANGE', `segmentPairs(): shortProbability is ${shortProbability}, not in [0, 1].`);
  }
  const texts = documents
    .map((sentences) => sentences.filter(({ length }) => length > 0))
    .filter(({ length }) => length > 0);
  const random = new RandomStream(options.seed, options.epoch);
  const pairs: SegmentPair[] = [];
  for (const index of texts.keys()) pairs.push(...pairsOf(texts, index, { ...options, shortProbability }, random));
  return random.shuffle(pairs);
}

function pairsOf(
  documents: readonly (readonly Int32Array[])[],
  index: number,
  { maxTokens, shortProbability }: Required<PairOptions>,
  random: RandomStream,
): SegmentPair[] {
  const pairs: SegmentPair[] = [];
  const sentences = documents[index]!;
  const target = () => (random.next() < shortProbability ? 2 + random.int(Math.max(1, maxTokens - 1)) : maxTokens);
  let goal = target();
  let chunk: Int32Array[] = [];
  let length = 0;
  for (let i = 0; i < sentences.length; i++) {
    chunk.push(sentences[i]!);
    length += sentences[i]!.length;
    if (i < sentences.length - 1 && length < goal) continue;
    const split = chunk.length >= 2 ? 1 + random.int(chunk.length - 1) : 1;
    const a = concat(chunk.slice(0, split));
    const replace = chunk.length === 1 || random.next() < 0.5;
    const other = replace ? otherStretch(documents, index, goal - a.length, random) : null;
    // A single document has no other to draw from: its last lonely sentence is then left out.
    if (other) {
      i -= chunk.length - split;
      pairs.push(truncated({ a, b: other, label: 1 }, maxTokens, random));
    } else if (chunk.length > 1) {
      pairs.push(truncated({ a, b: concat(chunk.slice(split)), label: 0 }, maxTokens, random));
    }
    chunk = [];
    length = 0;
    goal = target();
  }
  return pairs;
}

/** Sentences from a random place of another document, about `tokens` long. */
function otherStretch(
  documents: readonly (readonly Int32Array[])[],
  not: number,
  tokens: number,
  random: RandomStream,
): Int32Array | null {
  if (documents.length < 2) return null;
  let which = random.int(documents.length - 1);
  if (which >= not) which += 1;
  const sentences = documents[which]!;
  const stretch: Int32Array[] = [];
  let length = 0;
  for (
    let at = random.int(sentences.length);
    at < sentences.length && (stretch.length === 0 || length < tokens);
    at++
  ) {
    stretch.push(sentences[at]!);
    length += sentences[at]!.length;
  }
  return concat(stretch);
}

/** Takes tokens from the longer segment, at its front or its end by chance, until both fit. */
function truncated({ a, b, label }: SegmentPair, maxTokens: number, random: RandomStream): SegmentPair {
  let [a0, a1, b0, b1] = [0, a.length, 0, b.length];
  while (a1 - a0 + (b1 - b0) > maxTokens) {
    const front = random.next() < 0.5;
    if (a1 - a0 > b1 - b0) {
      if (front) a0++;
      else a1--;
    } else if (front) b0++;
    else b1--;
  }
  return { a: a.slice(a0, a1), b: b.slice(b0, b1), label };
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
