import type { LogitsProcessor, ResolvedOptions } from './options.js';

/** The processors an options object asks for, in the order they act. */
export function processorsOf(options: ResolvedOptions, promptLength: number): LogitsProcessor[] {
  const all: LogitsProcessor[] = [];
  if (options.repetitionPenalty !== 1) all.push(repetitionPenalty(options.repetitionPenalty));
  if (options.noRepeatNgram > 0) all.push(noRepeatNgram(options.noRepeatNgram));
  if (options.minNewTokens > 0) all.push(noEndBefore(promptLength + options.minNewTokens, options.endTokens));
  return [...all, ...options.processors];
}

function repetitionPenalty(penalty: number): LogitsProcessor {
  return (logits, tokens) => {
    for (const token of new Set(tokens)) {
      const logit = logits[token]!;
      logits[token] = logit > 0 ? logit / penalty : logit * penalty;
    }
  };
}

function noRepeatNgram(n: number): LogitsProcessor {
  return (logits, tokens) => {
    const tail = tokens.length - (n - 1);
    for (let at = 0; at < tail; at++) {
      let same = true;
      for (let j = 0; same && j < n - 1; j++) same = tokens[at + j] === tokens[tail + j];
      if (same) logits[tokens[at + n - 1]!] = Number.NEGATIVE_INFINITY;
    }
  };
}

function noEndBefore(length: number, ends: readonly number[]): LogitsProcessor {
  return (logits, tokens) => {
    if (tokens.length < length) for (const end of ends) logits[end] = Number.NEGATIVE_INFINITY;
  };
}
