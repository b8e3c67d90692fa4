import type { DemoResult } from '../../src/demo/result.js';

/** Numbers that look random and are always the same (a linear congruential generator of 32 bits). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A loss that falls from `from` towards `to` as training losses do. */
function fallingLoss(steps: number, from: number, to: number, seed: number): number[] {
  const random = noise(seed);
  return Array.from({ length: steps }, (_, step) => {
    const fallen = to + (from - to) * (0.65 * Math.exp(-step / 60) + 0.35 * Math.exp(-step / 500));
    return fallen + (random() + random() - 1) * 0.22;
  });
}

/** Attention as heads show it: to the word before, to the word itself, to the ends, to everything. */
function inventedAttention(length: number, layers: number, heads: number): number[][][][] {
  const random = noise(11);
  const preference = [
    (q: number, k: number) => (k === q - 1 ? 8 : 0.3),
    (q: number, k: number) => Math.exp(-Math.abs(q - k)),
    (_: number, k: number) => (k === 0 || k === length - 1 ? 5 : 0.4),
    (q: number, k: number) => 0.5 + (k === q ? 2 : 0),
  ];
  const row = (layer: number, head: number, q: number) => {
    const raw = Array.from(
      { length },
      (_, k) => preference[(head + layer) % preference.length](q, k) * (0.5 + random()),
    );
    const sum = raw.reduce((a, b) => a + b);
    return raw.map((share) => share / sum);
  };
  return Array.from({ length: layers }, (_, layer) =>
    Array.from({ length: heads }, (_, head) => Array.from({ length }, (_, q) => row(layer, head, q))),
  );
}

/** Not measured by anything: made up, in the shape and size of a real result, for tests of what is drawn from one. */
export function inventedResult(): DemoResult {
  const tokens = '[CLS] we have built a strong ##er union , and the state of it is sound . [SEP]'.split(' ');
  return {
    seed: 7,
    device: 'cpu',
    corpus: { name: 'invented addresses', documents: 233, sentences: 61_482, bytes: 10_412_803 },
    tokenizers: { wordpiece: { vocabSize: 6000 }, bpe: { vocabSize: 4096 } },
    bert: {
      parameters: 1_412_344,
      steps: 1250,
      losses: fallingLoss(1250, 9.4, 4.6, 1),
      before: { mlmAccuracy: 0.0002, nspAccuracy: 0.4961 },
      after: { mlmAccuracy: 0.3127, nspAccuracy: 0.8125 },
      majority: { mlmAccuracy: 0.0581 },
    },
    gpt: {
      parameters: 1_341_696,
      steps: 1000,
      losses: fallingLoss(1000, 8.35, 4.2, 2),
      tokensSeen: 2_048_000,
      before: { perplexity: 4213.7, bitsPerByte: 3.0121 },
      after: { perplexity: 71.42, bitsPerByte: 1.5402 },
    },
    baselines: {
      uniform: { perplexity: 4096, bitsPerByte: 3.0019, tokensSeen: 0 },
      unigram: { perplexity: 612.8, bitsPerByte: 2.3162, tokensSeen: 2_391_022 },
      kneserNey: { perplexity: 88.31, bitsPerByte: 1.6167, tokensSeen: 2_391_022, order: 5 },
      nnlm: { perplexity: 131.9, bitsPerByte: 1.7615, tokensSeen: 2_391_022, learningRate: 0.003 },
    },
    finetune: {
      task: 'Was this sentence spoken before or after 1945?',
      labels: ['before', 'after'],
      chance: 0.5,
      sizes: [64, 256, 1024],
      bertPretrained: [0.7125, 0.825, 0.8925],
      bertScratch: [0.5525, 0.67, 0.8075],
      gptPretrained: [0.635, 0.7875, 0.87],
      testExamples: 400,
    },
    prompting: { zeroShot: 0.5225, fewShot: 0.555, shots: 2, chance: 0.5 },
    samples: {
      fillMask: [
        {
          text: 'the [MASK] of the united states is founded on the consent of its people .',
          answer: 'government',
          guesses: [
            { token: 'constitution', probability: 0.3121 },
            { token: 'government', probability: 0.2514 },
            { token: 'people', probability: 0.0871 },
            { token: 'policy', probability: 0.0415 },
            { token: 'independence', probability: 0.0309 },
          ],
        },
        {
          text: 'our farmers have had a [MASK] year <script>alert("not run")</script> .',
          answer: 'good',
          guesses: [
            { token: 'great', probability: 0.2012 },
            { token: 'good', probability: 0.1874 },
            { token: '<b>new</b>', probability: 0.1203 },
            { token: 'fiscal', probability: 0.0911 },
            { token: '##ly', probability: 0.0104 },
          ],
        },
      ],
      nextSentence: [
        {
          first: 'The treaty was laid before the Senate in December.',
          second: 'It was approved in the spring of the following year.',
          follows: true,
          probability: 0.9312,
        },
        {
          first: 'Four of the new ships are afloat.',
          second: 'The harvest of cotton exceeded that of any other year.',
          follows: false,
          probability: 0.6418,
        },
      ],
      continuations: [
        {
          prompt: 'It is my duty to report',
          greedy: ' to the Congress the state of the Union, and the state of the Union is the state of the Union.',
          beam: ' to the Congress the progress of the negotiations between the two Governments, and to recommend such measures as may be necessary.',
          topK: [
            ' on the condition of our Navy.\nThe vessels in commission are twelve more than last year.',
            ' that our 国家 is at peace with all other nations, and its revenue <em>ample</em>.',
          ],
        },
      ],
      prompting: [
        {
          prompt:
            'Sentence: The railroads are private property.\nSpoken: before 1945\n\nSentence: Space belongs to all of us.\nSpoken:',
          expected: 'after',
          answer: 'after',
        },
        { prompt: 'Sentence: Our silver coin is at a discount.\nSpoken:', expected: 'before', answer: 'after' },
      ],
      attention: { tokens, layers: inventedAttention(tokens.length, 3, 4) },
    },
    files: {
      bert: '/home/somebody/gerbert-demo/bert',
      gpt: '/home/somebody/gerbert-demo/gpt',
      report: '/home/somebody/gerbert-demo/report.html',
    },
    seconds: 192.4,
  };
}
