import { encoderCase, writeModel } from './encoders.mjs';

const shape = { width: 256, layers: 4 };

export const js = {
  name: 'js',
  about:
    'What plain JavaScript does without any addon: the encoder of a small BERT (4 layers of 256), one sequence of 128 tokens.',
  cases: () => [
    {
      ...encoderCase({
        name: 'BERT-mini b1 s128',
        model: 'bert-mini',
        shape,
        lengths: [128],
        threads: 1,
        ours: 'gerbert-js',
        peers: [{ side: 'tfjs-cpu' }, { side: 'tfjs-wasm' }],
        before: () => writeModel('bert-mini'),
        quick: true,
      }),
      // The FMA peak is nothing that JavaScript can reach for.
      work: undefined,
    },
  ],
};
