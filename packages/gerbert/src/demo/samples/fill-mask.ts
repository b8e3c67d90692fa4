import type { BertForPreTraining } from '@gerbert/bert';
import { noGrad, RandomStream, scope, softmax } from '@gerbert/tensor';
import type { Context } from '../context.js';
import type { Samples } from '../result.js';
import { someSentences } from './sentences.js';

/** Hides one word of a few held-out sentences and lists the likeliest words for the gap. */
export async function fillMask(context: Context, bert: BertForPreTraining): Promise<Samples['fillMask']> {
  const { wordpiece } = context.tokenizers;
  const mask = wordpiece.tokenToId('[MASK]')!;
  const random = new RandomStream(context.seed, 81);
  const results: Samples['fillMask'] = [];
  for (const sentence of someSentences(context, { count: 4, words: [6, 24], stream: 82 })) {
    const ids = [...wordpiece.encodeIds(sentence)];
    // A whole word of letters makes a better riddle than a comma or a piece.
    const places = ids.flatMap((id, at) => {
      const follows = wordpiece.idToToken(ids[at + 1] ?? mask)!.startsWith('##');
      return /^\p{L}{3,}$/u.test(wordpiece.idToToken(id)!) && !follows ? [at] : [];
    });
    if (places.length === 0) continue;
    const at = places[random.int(places.length)]!;
    const answer = wordpiece.idToToken(ids[at]!)!;
    const hidden = ids.map((id, i) => (i === at ? mask : id));
    const guesses = await guessesAt(context, bert, { ids: hidden, at });
    const text = [wordpiece.decode(ids.slice(0, at)), '[MASK]', wordpiece.decode(ids.slice(at + 1))].join(' ').trim();
    results.push({ text, answer, guesses });
  }
  return results;
}

/** The five likeliest tokens at a place, with their probabilities. */
async function guessesAt(
  { tokenizers: { wordpiece } }: Context,
  bert: BertForPreTraining,
  { ids, at }: { ids: number[]; at: number },
): Promise<{ token: string; probability: number }[]> {
  const clsToken = wordpiece.tokenToId('[CLS]')!;
  const sepToken = wordpiece.tokenToId('[SEP]')!;
  const batch = {
    ids: Int32Array.from([clsToken, ...ids, sepToken]),
    typeIds: new Int32Array(ids.length + 2),
    lengths: [ids.length + 2],
    maskedRows: Int32Array.of(at + 1),
    maskedLabels: Int32Array.of(ids[at]!),
    nextLabels: Int32Array.of(0),
    tokens: ids.length + 2,
    counts: { mlm: 1, nsp: 1 },
  };
  const probabilities = scope(() => noGrad(() => softmax(bert.forward(batch).masked)));
  const values = await probabilities.read();
  probabilities.dispose();
  return Array.from(values.keys())
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, 5)
    .map((id) => ({ token: wordpiece.idToToken(id)!, probability: values[id]! }));
}
