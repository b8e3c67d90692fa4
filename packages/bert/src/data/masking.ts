import { GerbertError, type RandomStream } from '@gerbert/tensor';

export interface MaskingOptions {
  vocabSize: number;
  maskToken: number;
  /** Never masked, never put in: [CLS], [SEP], [PAD], … */
  specialTokens: ReadonlySet<number>;
  /** Share of tokens to predict. Default 0.15. */
  probability?: number;
  /** By token id: whether it continues a word (##…). Given, words are masked whole. */
  continuations?: Uint8Array;
}

export interface Masked {
  /** The tokens, some replaced. */
  ids: Int32Array;
  /** Where they were replaced (or are to be predicted as they are), ascending. */
  positions: number[];
  /** What stood there. */
  labels: number[];
}

/**
 * BERT's masking (Devlin et al. 2019, §3.1): of the tokens chosen, 80 % become [MASK], 10 % a random token, 10 % stay. The number chosen is
 * the rounded share, at least one where any token can be chosen.
 *
 * @throws `OPTION_RANGE` for a probability outside [0, 1], and where every token is special
 */
export function maskTokens(tokens: ArrayLike<number>, options: MaskingOptions, random: RandomStream): Masked {
  const { vocabSize, maskToken, specialTokens, probability = 0.15, continuations } = options;
  if (!(probability >= 0 && probability <= 1)) {
    throw new GerbertError('OPTION_RANGE', `maskTokens(): probability must be in [0, 1], not ${probability}.`);
  }
  const ids = Int32Array.from(tokens);
  const words = candidateWords(ids, specialTokens, continuations);
  const total = words.reduce((sum, word) => sum + word.length, 0);
  const wanted = Math.min(total, Math.max(1, Math.round(total * probability)));
  const positions: number[] = [];
  for (const word of random.shuffle(words)) {
    if (positions.length >= wanted) break;
    // A whole word that would overshoot is passed over, unless nothing is chosen yet.
    if (positions.length + word.length > wanted && positions.length > 0) continue;
    positions.push(...word);
  }
  positions.sort((a, b) => a - b);
  const labels = positions.map((at) => ids[at]!);
  for (const at of positions) {
    const draw = random.next();
    if (draw < 0.8) ids[at] = maskToken;
    else if (draw < 0.9) ids[at] = ordinaryToken(vocabSize, specialTokens, random);
  }
  return { ids, positions, labels };
}

/** Positions that may be masked, those of one word together. */
function candidateWords(ids: Int32Array, special: ReadonlySet<number>, continuations?: Uint8Array): number[][] {
  const words: number[][] = [];
  for (const [at, id] of ids.entries()) {
    if (special.has(id)) continue;
    const before = words.at(-1);
    if (continuations?.[id] && before && before.at(-1) === at - 1) before.push(at);
    else words.push([at]);
  }
  return words;
}

function ordinaryToken(vocabSize: number, special: ReadonlySet<number>, random: RandomStream): number {
  let some = false;
  for (let token = 0; token < vocabSize && !some; token++) some = !special.has(token);
  if (!some) throw new GerbertError('OPTION_RANGE', `maskTokens(): all ${vocabSize} tokens are special.`);
  let token = random.int(vocabSize);
  while (special.has(token)) token = random.int(vocabSize);
  return token;
}
