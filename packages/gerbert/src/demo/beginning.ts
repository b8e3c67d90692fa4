import type { BertForPreTraining } from '@gerbert/bert';

/** Size of the sinusoids, beside words that begin at about 0.05. */
const amplitude = 0.1;
/** Longest wave over shortest. With 10,000 (Vaswani et al. 2017) most columns would hardly move within a sequence of 64. */
const base = 100;
/** How much stronger than random weights the first attention is. */
const gain = 2.5;

/**
 * Lets a new, narrow BERT look at neighbours from its first step: positions begin as sinusoids (Vaswani et al. 2017, §3.5), and keys as queries, so
 * that a token attends to what is near and like it ("mimetic initialisation", Trockman & Kolter 2023). Both are trained like any other weight.
 * With random weights a small model spends most of a few minutes on finding that out: until then it guesses masked words by frequency alone.
 * On the tales 1,200 steps of 8 × 128 tokens reached 45 % of the masked words instead of 22; on real text, where minutes do not lead that far, they
 * reached no more than before, and what was learned served fine-tuning worse.
 */
export async function beginLocally(model: BertForPreTraining): Promise<void> {
  const state = new Map(model.state());
  for (const [name, weight] of state) {
    if (name.endsWith('position_embeddings.weight')) weight.write(sinusoids(weight.shape[0]!, weight.shape[1]!));
    if (!name.endsWith('query.weight')) continue;
    const values = (await weight.read()).map((x) => x * gain);
    weight.write(values);
    state.get(name.replace('query.weight', 'key.weight'))!.write(values);
  }
}

/** [T, C]: amplitude · sin and cos of t / base^(2i/C), in turn. */
function sinusoids(T: number, C: number): Float32Array {
  return Float32Array.from({ length: T * C }, (_, at) => {
    const [t, c] = [Math.floor(at / C), at % C];
    const angle = t * base ** (-(c - (c % 2)) / C);
    return amplitude * (c % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  });
}
