import { expect, test } from 'vitest';
import { erf, erfc } from '../src/reference/erf.js';

// erf(x) and erfc(x) rounded to f64 from 60 digits (mpmath 1.3.0).
const table: [x: number, erf: number, erfc: number][] = [
  [1e-8, 1.1283791670955126e-8, 0.9999999887162083],
  [0.001, 0.0011283787909692365, 0.9988716212090307],
  [0.1, 0.1124629160182849, 0.887537083981715],
  [0.25, 0.27632639016823696, 0.7236736098317631],
  [0.46875, 0.49261347321793797, 0.507386526782062],
  [0.47, 0.4937450508860821, 0.5062549491139179],
  [0.5, 0.5204998778130465, 0.4795001221869535],
  [0.75, 0.7111556336535151, 0.28884436634648486],
  [1, 0.8427007929497149, 0.15729920705028513],
  [1.5, 0.9661051464753108, 0.033894853524689274],
  [2, 0.9953222650189527, 0.004677734981047266],
  [2.5, 0.999593047982555, 0.0004069520174449589],
  [3, 0.9999779095030014, 2.209049699858544e-5],
  [3.999, 0.9999999844552505, 1.554474949099499e-8],
  [4, 0.9999999845827421, 1.541725790028002e-8],
  [4.001, 0.9999999847092178, 1.5290782173248732e-8],
  [5, 0.9999999999984626, 1.537459794428035e-12],
  [6, 1.0, 2.1519736712498913e-17],
  [8, 1.0, 1.1224297172982926e-29],
  [10, 1.0, 2.088487583762545e-45],
  [20, 1.0, 5.395865611607901e-176],
  [26, 1.0, 5.663192408856143e-296],
  [4.7, 0.9999999999700474, 2.9952597863796555e-11],
  [7.3, 1.0, 5.502573750691923e-25],
  [10.3, 1.0, 4.5947618530992265e-48],
  [15.9, 1.0, 5.690956171169625e-112],
  [20.7, 1.0, 2.2085481102488885e-188],
  [26.1, 1.0, 3.081217493314593e-298],
];

// Cody gives the approximations' own error as below 6·10⁻¹⁹; the evaluation adds a few roundings, more in the exponential's tail.
test.each(table)('erf(%d)', (x, ofErf, ofErfc) => {
  const ulps = (got: number, expected: number): number => Math.abs(got - expected) / (Math.abs(expected) * 2 ** -52);
  for (const sign of [1, -1])
    expect(erf(sign * x) === sign * ofErf ? 0 : ulps(erf(sign * x), sign * ofErf)).toBeLessThanOrEqual(2);
  expect(ulps(erfc(x), ofErfc)).toBeLessThanOrEqual(8);
  expect(ulps(erfc(-x), 1 + ofErf)).toBeLessThanOrEqual(1);
});

test('limits, zeros and NaN', () => {
  expect([erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY)]).toEqual([1, -1]);
  expect([erfc(Number.POSITIVE_INFINITY), erfc(Number.NEGATIVE_INFINITY)]).toEqual([0, 2]);
  expect([erf(0), erf(-0)]).toEqual([0, -0]);
  expect([erf(Number.NaN), erfc(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
});
