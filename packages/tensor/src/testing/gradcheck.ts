/** A function of several arrays, its value and its gradients with respect to each. */
export type Differentiable = (inputs: Float64Array[]) => {
  readonly loss: number;
  readonly gradients: readonly Float64Array[];
};

export interface GradcheckOptions {
  /** Half the distance between the two points of a difference, relative to max(1, |x|). Default 10⁻⁵. */
  readonly step?: number;
  /** Allowed relative difference. Default 10⁻⁶. */
  readonly rtol?: number;
  /** Allowed absolute difference. Default 10⁻⁸. */
  readonly atol?: number;
  /** Inputs to check, by number. Default all. */
  readonly inputs?: readonly number[];
}

/** One element whose gradient was wrong. */
export interface GradientMismatch {
  readonly input: number;
  readonly element: number;
  readonly analytic: number;
  readonly numeric: number;
}

/**
 * Compares gradients with central differences, (f(x + h) − f(x − h)) / 2h, element by element, in f64. The difference has an error
 * of h²·f‴/6 + ε·|f|/h: with h = 10⁻⁵ and f and its derivatives near 1 both are near 10⁻¹¹, far below the default tolerance.
 * Throws an Error that lists the worst mismatches; returns the number of elements compared.
 */
export function gradcheck(fn: Differentiable, inputs: readonly Float64Array[], options: GradcheckOptions = {}): number {
  const { step = 1e-5, rtol = 1e-6, atol = 1e-8 } = options;
  const points = inputs.map((input) => Float64Array.from(input));
  const { loss, gradients } = fn(points.map((point) => point.slice()));
  if (!Number.isFinite(loss)) throw new Error(`gradcheck: the loss is ${loss}; choose inputs where it is finite`);
  if (gradients.length !== inputs.length) {
    throw new Error(`gradcheck: ${inputs.length} inputs, but ${gradients.length} gradients`);
  }
  const wrong: GradientMismatch[] = [];
  let compared = 0;
  for (const input of options.inputs ?? inputs.keys()) {
    const point = points[input];
    const gradient = gradients[input];
    if (gradient.length !== point.length) {
      throw new Error(`gradcheck: input ${input} has ${point.length} elements, its gradient ${gradient.length}`);
    }
    for (let element = 0; element < point.length; element++, compared++) {
      const numeric = difference(fn, points, { input, element, step });
      const analytic = gradient[element];
      if (!(Math.abs(analytic - numeric) <= atol + rtol * Math.abs(numeric))) {
        wrong.push({ input, element, analytic, numeric });
      }
    }
  }
  if (wrong.length > 0) throw new Error(describe(wrong, compared));
  return compared;
}

function difference(
  fn: Differentiable,
  points: readonly Float64Array[],
  at: { input: number; element: number; step: number },
): number {
  const { input, element, step } = at;
  const lossAt = (value: number): number => {
    const moved = points.map((point) => point.slice());
    moved[input][element] = value;
    return fn(moved).loss;
  };
  const x = points[input][element];
  const h = step * Math.max(1, Math.abs(x));
  const above = x + h;
  const below = x - h;
  return (lossAt(above) - lossAt(below)) / (above - below);
}

function describe(wrong: GradientMismatch[], compared: number): string {
  const off = ({ analytic, numeric }: GradientMismatch): number => Math.abs(analytic - numeric);
  const worst = [...wrong].sort((a, b) => off(b) - off(a)).slice(0, 5);
  const lines = worst.map(
    ({ input, element, analytic, numeric }) =>
      `  input ${input}, element ${element}: analytic ${analytic}, numeric ${numeric}`,
  );
  return `gradcheck: ${wrong.length} of ${compared} gradients differ, the worst:\n${lines.join('\n')}`;
}
