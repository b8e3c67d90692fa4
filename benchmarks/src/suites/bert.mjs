import { encoderCase, exportModel, writeModel } from './encoders.mjs';

const shape = { width: 768, layers: 12 };

/** Tokens of 64 sentences, as a WordPiece tokenizer counts them in a mixed text: 13.4 on average, 38 at most. */
const sentences = [
  7, 12, 9, 15, 22, 8, 11, 38, 6, 14, 10, 17, 13, 5, 19, 9, 12, 26, 8, 11, 16, 7, 10, 14, 31, 9, 13, 6, 18, 12, 8, 21,
  10, 15, 7, 11, 24, 9, 12, 5, 17, 13, 10, 28, 8, 14, 11, 6, 20, 9, 16, 12, 7, 18, 10, 13, 34, 8, 15, 11, 9, 22, 9, 8,
];

const batches = [
  { name: 'BERT-base b1 s128', lengths: [128], quick: true },
  { name: 'BERT-base b8 s128', lengths: Array(8).fill(128) },
  { name: 'BERT-base, 64 sentences', lengths: sentences },
];

/** onnxruntime has no bf16 on processors. PyTorch in float64 says what is right, so it takes part in every precision. */
const peers = {
  f32: [{ side: 'torch' }, { side: 'onnxruntime' }],
  bf16: [{ side: 'torch', label: 'PyTorch bf16' }],
  int8: [
    { side: 'onnxruntime', label: 'onnxruntime-node int8' },
    { side: 'torch', label: 'PyTorch f32', params: { precision: 'f32' } },
  ],
};

function batchCase(batch, precision, threads) {
  return encoderCase({
    model: 'bert-base',
    shape,
    dtype: precision,
    threads,
    ...batch,
    quick: batch.quick && precision !== 'int8',
    peers: peers[precision],
    async before(sides) {
      await writeModel('bert-base');
      await exportModel('bert-base', sides);
    },
  });
}

export const bert = {
  name: 'bert',
  about:
    'The encoder of BERT-base with random weights, forward, Gerbert’s packed. Gerbert takes sentences of different lengths as they are, the peers pad them to the longest. bf16 and int8 are what is multiplied; how far that takes the hidden states from PyTorch’s in float64 is in the row.',
  cases: ({ threads }) =>
    Object.keys(peers).flatMap((precision) => batches.map((batch) => batchCase(batch, precision, threads))),
};
