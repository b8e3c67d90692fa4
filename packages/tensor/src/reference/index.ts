import type { Kernels } from '../backend.js';
import { adamw, clipFactor } from './adamw.js';
import { attention, attentionProbabilities } from './attention.js';
import { attentionBackward } from './attention-backward.js';
import { cast, fill } from './cast.js';
import { crossEntropy, crossEntropyBackward } from './cross-entropy.js';
import { dropout } from './dropout.js';
import { activation, activationBackward, affine, binary } from './elementwise.js';
import { gemm } from './gemm.js';
import { layerNorm, layerNormBackward } from './layer-norm.js';
import { gemmPacked, pack } from './packed.js';
import { argmaxRows, sum, sumRows, sumSquares } from './reduce.js';
import { gatherRows, scatterAddRows, writeRows } from './rows.js';
import { softmax, softmaxBackward } from './softmax.js';

/**
 * Every kernel in plain JavaScript, for f32 and f64, on host memory. It is the backend where there is no addon, and the one the others are
 * compared with. Values are computed in f64 and rounded once, when they are stored.
 */
export const reference: Kernels = {
  cast,
  fill,
  gatherRows,
  scatterAddRows,
  writeRows,
  binary,
  affine,
  activation,
  activationBackward,
  dropout,
  sum,
  sumRows,
  sumSquares,
  argmaxRows,
  gemm,
  pack,
  gemmPacked,
  layerNorm,
  layerNormBackward,
  softmax,
  softmaxBackward,
  attention,
  attentionBackward,
  attentionProbabilities,
  crossEntropy,
  crossEntropyBackward,
  clipFactor,
  adamw,
};
