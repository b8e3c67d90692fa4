import { type BertForPreTraining, pack, toDevice } from '@gerbert/bert';
import { noGrad, scope } from '@gerbert/tensor';
import type { Context } from '../context.js';
import type { Samples } from '../result.js';
import { someSentences } from './sentences.js';

/** What every head of BERT attends to in one short held-out sentence. */
export async function attentionMap(context: Context, bert: BertForPreTraining): Promise<Samples['attention']> {
  const { wordpiece } = context.tokenizers;
  const [sentence = ''] = someSentences(context, { count: 1, words: [7, 14], stream: 85 });
  const encoded = wordpiece.encode(sentence, { truncation: { maxLength: 32 } });
  const length = encoded.ids.length;
  const perLayer = scope(() => noGrad(() => bert.bert.attentionMaps(toDevice(pack([encoded]), bert.device))));
  const layers: number[][][][] = [];
  for (const tensor of perLayer) {
    const flat = Array.from(await tensor.read(), (p) => Math.round(p * 1e4) / 1e4);
    tensor.dispose();
    const rows = Array.from({ length: flat.length / length }, (_, i) => flat.slice(i * length, (i + 1) * length));
    layers.push(Array.from({ length: rows.length / length }, (_, h) => rows.slice(h * length, (h + 1) * length)));
  }
  return { tokens: Array.from(encoded.ids, (id) => wordpiece.idToToken(id)!), layers };
}
