/**
 * The error function and its complement, by the rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev approximations
 * for the error function", Mathematics of Computation 23 (1969): relative error within a few units of f64's last place.
 */

const smallNumerator = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const smallDenominator = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const middleNumerator = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const middleDenominator = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const largeNumerator = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const largeDenominator = [
  2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];
const inverseSqrtPi = 0.5641895835477563;

/** erf(x) = 2/√π ∫₀ˣ exp(−t²) dt. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return erfSmall(x);
  const tail = erfcTail(size);
  return x > 0 ? 0.5 - tail + 0.5 : x < 0 ? tail - 0.5 - 0.5 : x;
}

/** erfc(x) = 1 − erf(x), without the cancellation. */
export function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - erfSmall(x);
  const tail = erfcTail(size);
  return x < 0 ? 2 - tail : tail;
}

function erfSmall(x: number): number {
  const z = x * x;
  let numerator = smallNumerator[0] * z;
  let denominator = z;
  for (let i = 0; i < 3; i++) {
    numerator = (numerator + smallNumerator[i + 1]) * z;
    denominator = (denominator + smallDenominator[i]) * z;
  }
  return (x * (numerator + smallNumerator[4])) / (denominator + smallDenominator[3]);
}

/** erfc(x) for x > 0.46875. */
function erfcTail(x: number): number {
  if (x > 27) return 0; // below the smallest subnormal
  let ratio: number;
  if (x <= 4) {
    let numerator = middleNumerator[0] * x;
    let denominator = x;
    for (let i = 0; i < 7; i++) {
      numerator = (numerator + middleNumerator[i + 1]) * x;
      denominator = (denominator + middleDenominator[i]) * x;
    }
    ratio = (numerator + middleNumerator[8]) / (denominator + middleDenominator[7]);
  } else {
    const z = 1 / (x * x);
    let numerator = largeNumerator[0] * z;
    let denominator = z;
    for (let i = 0; i < 4; i++) {
      numerator = (numerator + largeNumerator[i + 1]) * z;
      denominator = (denominator + largeDenominator[i]) * z;
    }
    ratio = (z * (numerator + largeNumerator[5])) / (denominator + largeDenominator[4]);
    ratio = (inverseSqrtPi - ratio) / x;
  }
  // exp(−x²) in two factors, the first of an exact square, so that the rounding of x² is not magnified.
  const head = Math.trunc(x * 16) / 16;
  const rest = (x - head) * (x + head);
  return Math.exp(-head * head) * Math.exp(-rest) * ratio;
}
