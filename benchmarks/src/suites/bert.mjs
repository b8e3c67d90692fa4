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

/** Precisions that the encoder is run with; of another one, sides/gerbert/models.mjs has to know what to do, and `slack` what it may change. */
const precisions = ['f32'];

export const bert = {
  name: 'bert',
  about:
    'The encoder of BERT-base with random weights, forward. Gerbert packs sentences of different lengths, the peers pad them to the longest.',
  cases: ({ threads }) =>
    precisions.flatMap((dtype) =>
      batches.map((batch) =>
        encoderCase({
          model: 'bert-base',
          shape,
          dtype,
          threads,
          ...batch,
          peers: [{ side: 'torch' }, { side: 'onnxruntime' }],
          async before(sides) {
            await writeModel('bert-base');
            await exportModel('bert-base', sides);
          },
        }),
      ),
    ),
};
