/** A small generator of numbers in [0, 1): Marsaglia's xorshift32. */
export function numbers(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A stream in which small ids are common and each token leans on the one before it, so that n-grams of every count occur. */
export function stream(length: number, vocabSize: number, seed: number): Int32Array {
  const next = numbers(seed);
  const tokens = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const drawn = Math.floor(vocabSize * next() ** 4);
    tokens[i] = i > 0 && next() < 0.5 ? Math.floor((tokens[i - 1] * 5 + 1 + 3 * next() ** 2) % (vocabSize / 2)) : drawn;
  }
  return tokens;
}
