/** The dtypes that F stands for in `backend.ts`. */
export type FloatType = 'f32' | 'f64';

/** Unit roundoff u: rounding to nearest errs by at most u·|x|. */
export const unit: Record<FloatType, number> = { f32: 2 ** -24, f64: 2 ** -53 };

/** The smallest normal number: results below it may be flushed to zero. */
export const smallest: Record<FloatType, number> = { f32: 2 ** -126, f64: 2 ** -1022 };

/** exp, log, erf, tanh, √ and division may err by this many units u (four units in the last place). */
export const elementary = 8;

/**
 * γₙ = n·u / (1 − n·u): a sum of n products, in whatever order, errs by at most γₙ · Σ|aᵢ·bᵢ| (N. J. Higham, "Accuracy and Stability of
 * Numerical Algorithms", 2002, §3.1). What the suite computes in f64 for comparison errs alike with f64's u, so both are added.
 */
export function gamma(n: number, dtype: FloatType): number {
  return one(n, unit[dtype]) + one(n, unit.f64);
}

function one(n: number, u: number): number {
  return (n * u) / (1 - n * u);
}
