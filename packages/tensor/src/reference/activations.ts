import { Activation, type ActivationCode } from '../backend.js';
import { erfc } from './erf.js';

export interface ActivationFunction {
  readonly value: (x: number) => number;
  readonly derivative: (x: number) => number;
}

const sqrtHalf = Math.SQRT1_2;
const inverseSqrt2Pi = 1 / Math.sqrt(2 * Math.PI);
const tanhScale = Math.sqrt(2 / Math.PI);
const tanhCubic = 0.044715;

/** Φ, the distribution function of the normal distribution. */
function phi(x: number): number {
  return 0.5 * erfc(-x * sqrtHalf);
}

function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

function sigmoidSlope(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / ((1 + e) * (1 + e));
}

/** Twice the argument of the tanh in `geluTanh`, since (1 + tanh u) / 2 = σ(2u), which does not cancel. */
function tanhArgument(x: number): number {
  return 2 * tanhScale * (x + tanhCubic * x * x * x);
}

const functions: Record<ActivationCode, ActivationFunction> = {
  [Activation.none]: { value: (x) => x, derivative: () => 1 },
  [Activation.gelu]: {
    value: (x) => x * phi(x),
    derivative: (x) => phi(x) + x * inverseSqrt2Pi * Math.exp(-0.5 * x * x),
  },
  [Activation.geluTanh]: {
    value: (x) => x * sigmoid(tanhArgument(x)),
    derivative: (x) => {
      const u = tanhArgument(x);
      return sigmoid(u) + x * sigmoidSlope(u) * 2 * tanhScale * (1 + 3 * tanhCubic * x * x);
    },
  },
  [Activation.relu]: { value: (x) => Math.max(x, 0), derivative: (x) => (x <= 0 ? 0 : 1) },
  [Activation.tanh]: {
    value: (x) => Math.tanh(x),
    derivative: (x) => 4 * sigmoidSlope(2 * x), // 1 − tanh² without the cancellation
  },
  [Activation.sigmoid]: { value: sigmoid, derivative: sigmoidSlope },
  [Activation.silu]: {
    value: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) + x * sigmoidSlope(x),
  },
};

/** The function of a code; undefined for an unknown one. */
export function activationOf(code: number): ActivationFunction | undefined {
  return functions[code as ActivationCode];
}
