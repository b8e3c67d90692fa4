import { affine, embedding, noGrad, scope, tensor } from '@gerbert/tensor';
import { generate, logLikelihoods, packed } from '@gerbert/transformer';
import { describe, expect, test } from 'vitest';
import { causalBatch, GptForCausalLM } from '../src/index.js';
import { TestAdamW } from './adamw.js';
import { expectClose, Golden, goldenDirectory, goldenText, gradients, largest, need, places } from './goldens.js';

/** Roundings on the way through one layer: the sums over width (thrice), head, keys, inner width and, twice, of a normalisation. */
const termsPerLayer = 3 * 24 + 6 + 16 + 96 + 2 * 24;
const forwardTerms = 3 * termsPerLayer + 3 * 24;
/** Backward passes the same sums again, and sums over all rows of the batch. */
const backwardTerms = 2 * forwardTerms + 36;

/** The golden batch. Our rows predict the next token, so the last of each sequence has no row. */
function goldenBatch(golden: Golden) {
  const labels = golden.sequences('labels');
  const sequences = golden.sequences('input_ids').map((tokens, b) => {
    const first = labels[b]!.findIndex((label, t) => t > 0 && label !== -100);
    return { tokens, from: first };
  });
  return causalBatch(sequences);
}

describe.each(places)('as PyTorch has it, on $device in $dtype', (place) => {
  const { device, dtype } = place;
  const load = () => GptForCausalLM.fromPretrained(goldenDirectory('tiny'), { device, dtype });

  test('hidden states and logits', async (context) => {
    need(place, context);
    const [golden, model] = [await Golden.read('tiny'), await load()];
    const sequences = golden.sequences('input_ids');
    const at = packed(
      sequences.map(({ length }) => length),
      { device },
    );
    const ids = tensor(Int32Array.from(sequences.flat()), { dtype: 'i32', device });
    const { tokens, positions, blocks } = model.transformer;
    const last = noGrad(() => model.hidden(ids, at));
    // What enters each block; the last golden state is normalised.
    const states = noGrad(() => {
      let x = embedding([tokens.weight, ids], [positions.weight, at.positions]);
      return blocks.map((block) => {
        const before = x;
        x = block.forward(x, at);
        return before;
      });
    });
    const compare = { dtype, terms: forwardTerms };
    for (const [layer, state] of [...states, last].entries()) {
      expectClose(await state.read(), golden.values(`hidden.${layer}`), compare, `hidden state ${layer}`);
    }
    expect(golden.names('hidden.').length).toBe(states.length + 1);
    const logits = noGrad(() => model.logits(last));
    expectClose(await logits.read(), golden.values('logits'), compare, 'logits');
  });

  test('loss, gradients and ten steps of AdamW', async (context) => {
    need(place, context);
    const [golden, model] = [await Golden.read('tiny'), await load()];
    const batch = goldenBatch(golden);
    const step = () =>
      scope(() => {
        const total = affine(model.loss(batch).lm, 1 / batch.counts.lm);
        total.backward();
        return total.detach();
      });
    expectClose([await step().item()], golden.values('loss'), { dtype, terms: forwardTerms }, 'loss');
    const ours = await gradients(model);
    const names = golden.names('grad.');
    expect(names.map((name) => name.slice('grad.'.length)).sort()).toEqual([...ours.keys()].sort());
    // Errors of small gradients come from larger numbers that cancel: keys' biases, say, have none at all in exact arithmetic.
    const scale = largest(names.map((name) => largest(golden.values(name))));
    for (const name of names) {
      const compare = { dtype, terms: backwardTerms, scale };
      expectClose(ours.get(name.slice('grad.'.length))!, golden.values(name), compare, name);
    }
    for (const [, parameter] of model.parameters()) parameter.grad = null;

    const optimizer = new TestAdamW(model, golden.adamw);
    const losses: number[] = [];
    const norms: number[] = [];
    for (let i = 0; i < 10; i++) {
      losses.push(await step().item());
      norms.push(await optimizer.step());
    }
    // Each of the ten steps adds its roundings and carries along, through its curvature, those of all before.
    const compare = { dtype, terms: 10 ** 2 * backwardTerms };
    expectClose(losses, golden.values('adamw.loss'), compare, 'losses of ten AdamW steps');
    expectClose(norms, golden.values('adamw.norm'), compare, 'gradient norms of ten AdamW steps');
  });

  const { end, searches, texts } = goldenText();

  const named = searches.map((search) => ({
    ...search,
    name: `${JSON.stringify(search.options)} after [${search.prompt}]`,
  }));
  test.for(named)('$name', async ({ prompt, options, results }, context) => {
    need(place, context);
    const found = await generate(await load(), prompt, { ...options, endTokens: [end] });
    expect(found.map(({ tokens, ended }) => ({ tokens, ended }))).toEqual(
      results.map(({ tokens, ended }) => ({ tokens, ended })),
    );
    // PyTorch's log-likelihoods of greedy search are sums of f32 numbers whatever the model computes in.
    const compare = { dtype: 'f32', terms: forwardTerms } as const;
    for (const [i, { logProbability }] of results.entries()) {
      expectClose([found[i]!.logProbability], [logProbability], compare, `log p of continuation ${i}`);
    }
  });

  test('log-likelihoods of texts', async (context) => {
    need(place, context);
    const found = await logLikelihoods(await load(), texts, { batch: 3 });
    const expected = texts.map(({ logLikelihood }) => logLikelihood);
    expectClose(found, expected, { dtype, terms: forwardTerms });
  });
});
