/** What is taken off a count of one, of two, and of three or more, so that unseen n-grams get a share. */
export interface Discounts {
  readonly one: number;
  readonly two: number;
  readonly more: number;
  /** Whether the formula had no answer (a count of counts was zero, or a discount fell outside [0, its count]) and the fixed discounts stand in. */
  readonly fixed: boolean;
}

const FIXED: Discounts = { one: 0.5, two: 1, more: 1.5, fixed: true };

/**
 * The three discounts of modified Kneser–Ney smoothing. With n[r] the number of n-grams counted r times and Y = n[1] / (n[1] + 2 n[2]):
 *
 *     D[r] = r − (r + 1) · Y · n[r + 1] / n[r]        r = 1, 2, 3
 *
 * S. F. Chen and J. Goodman, "An empirical study of smoothing techniques for language modeling", Computer Speech & Language 13 (1999), eq. 17.
 * Where it has no answer, ½, 1 and 1½ are taken, as is usual for the tiny or the templated text where that happens.
 */
export function modifiedDiscounts(n: ArrayLike<number>): Discounts {
  if (n[1] === 0 || n[2] === 0 || n[3] === 0 || n[4] === 0) return FIXED;
  const Y = n[1] / (n[1] + 2 * n[2]);
  const discount = (r: number) => r - ((r + 1) * Y * n[r + 1]) / n[r];
  const [one, two, more] = [discount(1), discount(2), discount(3)];
  const fair = one >= 0 && one <= 1 && two >= 0 && two <= 2 && more >= 0 && more <= 3;
  return fair ? { one, two, more, fixed: false } : FIXED;
}
