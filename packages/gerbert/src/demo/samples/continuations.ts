import type { GptForCausalLM } from '@gerbert/gpt';
import { generate } from '@gerbert/transformer';
import type { Context } from '../context.js';
import type { Samples } from '../result.js';
import { endOfText } from '../texts.js';
import { someSentences } from './sentences.js';

const newTokens = 40;

/** Continues the beginnings of held-out sentences greedily, by beam search, and by top-k sampling. */
export async function continuations(context: Context, gpt: GptForCausalLM): Promise<Samples['continuations']> {
  const { tokenizers, signal, seed } = context;
  const { bpe } = tokenizers;
  const end = bpe.tokenToId(endOfText)!;
  const results: Samples['continuations'] = [];
  for (const sentence of someSentences(context, { count: 2, words: [8, 40], stream: 84 })) {
    const ids = bpe.encodeIds(sentence);
    const begun = ids.subarray(0, Math.max(1, Math.min(8, ids.length >> 1)));
    const prompt = [end, ...begun];
    const common = { maxNewTokens: newTokens, endTokens: [end], signal };
    const text = (generated: readonly { tokens: number[] }[]) => generated.map(({ tokens }) => bpe.decode(tokens));
    const [greedy] = text(await generate(gpt, prompt, common));
    const [beam] = text(await generate(gpt, prompt, { ...common, beams: 4, noRepeatNgram: 3 }));
    const topK = text(
      await generate(gpt, prompt, { ...common, sample: true, topK: 40, temperature: 0.9, sequences: 2, seed }),
    );
    results.push({ prompt: bpe.decode(begun), greedy: greedy!, beam: beam!, topK });
  }
  return results;
}
