/** exp of the mean negative log-likelihood per token. `nll` is in nats over all `tokens`. */
export function perplexity(nll: number, tokens: number): number {
  return Math.exp(nll / tokens);
}

/** Negative log-likelihood in bits per byte of the text: comparable across tokenizers. `nll` is in nats over the whole text. */
export function bitsPerByte(nll: number, bytes: number): number {
  return nll / Math.LN2 / bytes;
}
