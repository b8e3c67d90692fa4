import { type BertForPreTraining, pack } from '@gerbert/bert';
import { noGrad, RandomStream, scope, softmax } from '@gerbert/tensor';
import type { Context } from '../context.js';
import type { Samples } from '../result.js';

/** Pairs of held-out sentences, half of them neighbours, and how sure BERT is that the second follows the first. */
export async function nextSentence(context: Context, bert: BertForPreTraining): Promise<Samples['nextSentence']> {
  const { corpus, seed, tokenizers, plan } = context;
  const random = new RandomStream(seed, 83);
  const documents = corpus.test.filter(({ sentences }) => sentences.length >= 2);
  const results: Samples['nextSentence'] = [];
  for (let i = 0; i < 4 && documents.length >= 2; i++) {
    const own = documents[random.int(documents.length)]!;
    const others = documents.filter((document) => document !== own);
    const at = random.int(own.sentences.length - 1);
    const follows = i % 2 === 0;
    const other = others[random.int(others.length)]!;
    const first = own.sentences[at]!;
    const second = follows ? own.sentences[at + 1]! : other.sentences[random.int(other.sentences.length)]!;
    const truncation = { maxLength: plan.bert.pretraining.length };
    const encoded = tokenizers.wordpiece.encode(first, { pair: second, truncation });
    const input = pack([encoded]);
    const none = { maskedRows: new Int32Array(0), maskedLabels: new Int32Array(0), nextLabels: Int32Array.of(0) };
    const batch = { ...input, ...none, tokens: input.ids.length, counts: { mlm: 0, nsp: 1 } };
    const probabilities = scope(() => noGrad(() => softmax(bert.forward(batch).next)));
    const [probability] = (await probabilities.read()) as Float32Array;
    probabilities.dispose();
    results.push({ first, second, follows, probability: probability! });
  }
  return results;
}
