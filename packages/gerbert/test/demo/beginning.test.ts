import { BertForPreTraining, bertConfig } from '@gerbert/bert';
import { describe, expect, test } from 'vitest';
import { beginLocally } from '../../src/demo/beginning.js';

const [layers, width, length] = [2, 32, 24];
const config = bertConfig({
  vocabSize: 20,
  hiddenSize: width,
  numHiddenLayers: layers,
  numAttentionHeads: 2,
  maxPositionEmbeddings: length,
});

async function values(model: BertForPreTraining): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>();
  for (const [name, tensor] of model.state()) all.set(name, [...(await tensor.read())]);
  return all;
}

describe('beginLocally', () => {
  test('changes positions, queries and keys, and nothing else', async () => {
    const model = BertForPreTraining.fromConfig(config, { device: 'js', seed: 3 });
    const before = await values(model);
    await beginLocally(model);
    const changed = [...(await values(model))].filter(([name, now]) => now.some((x, i) => x !== before.get(name)![i]));
    expect(changed.map(([name]) => name.replace(/^.*?(\w+\.weight)$/, '$1')).sort()).toEqual([
      ...Array(layers).fill('key.weight'),
      'position_embeddings.weight',
      ...Array(layers).fill('query.weight'),
    ]);
  });

  test('makes positions the more alike the nearer they are, and keys what queries are', async () => {
    const model = BertForPreTraining.fromConfig(config, { device: 'js', seed: 3 });
    await beginLocally(model);
    const state = await values(model);
    const positions = state.get('bert.embeddings.position_embeddings.weight')!;
    const product = (s: number, t: number) =>
      Array.from({ length: width }, (_, c) => positions[s * width + c]! * positions[t * width + c]!).reduce(
        (a, b) => a + b,
      );
    const byDistance = [0, 1, 2, 3].map((distance) => product(10, 10 + distance));
    expect(byDistance).toEqual([...byDistance].sort((a, b) => b - a));
    // Sinusoids: how alike two positions are depends on their distance alone.
    expect(product(3, 6)).toBeCloseTo(product(15, 18), 6);
    const query = state.get('bert.encoder.layer.1.attention.self.query.weight');
    expect(state.get('bert.encoder.layer.1.attention.self.key.weight')).toEqual(query);
  });
});
