import { median, row } from '../rows.mjs';
import { productCase } from './products.mjs';

const f32Peers = [{ side: 'openblas' }, { side: 'torch' }];
/** A product in fewer bits also against our own in f32. */
const against = (precision) => [
  { side: 'gerbert-2', label: 'Gerbert f32', params: { precision: 'f32' } },
  { side: 'torch', label: `PyTorch ${precision}` },
];
const peaks = { f32: 'f32', bf16: 'bf16', int8: 'int8' };

/** (K, N) of a layer of BERT-base or GPT-2. */
const layers = [
  { k: 768, n: 768, quick: false },
  { k: 768, n: 2304, quick: false },
  { k: 768, n: 3072, quick: true },
  { k: 3072, n: 768, quick: false },
];

function cube(size, threads, precision = 'f32') {
  return productCase({
    name: `${size}³`,
    threads,
    precision,
    packed: precision === 'int8',
    m: size,
    n: size,
    k: size,
    transB: precision === 'f32' ? 0 : 1,
    peers: precision === 'f32' ? f32Peers : against(precision),
    work: { kind: peaks[precision], amount: 2 * size ** 3 },
    quick: size === 1024,
  });
}

/** A layer whose weight is laid out before; or, where `packing` is timed too, in every product. */
function layer(m, { k, n, quick }, threads, precision = 'f32', packing = false) {
  return productCase({
    name: `layer ${m} × ${k} → ${n}${packing ? ', packing included' : ''}`,
    packed: !packing,
    threads,
    precision,
    m,
    n,
    k,
    transB: 1,
    peers: precision === 'f32' ? f32Peers : against(precision),
    work: { kind: peaks[precision], amount: 2 * m * n * k },
    quick: quick && m === 128 && precision !== 'int8',
  });
}

export const gemm = {
  name: 'gemm',
  about:
    'Matrix products: cubes y = a·b, and the layers of BERT-base and GPT-2, y = x·Wᵀ + b, with weights that Gerbert has packed before. f32 goes in and comes out, PyTorch bf16 apart, which reads and writes bf16. int8 has one step for each row of x, found in every product, and one for each column of W.',
  cases({ threadCounts, threads }) {
    const cubes = [1024, 2048, 4096].flatMap((size) => threadCounts.map((count) => cube(size, count)));
    const rows = [32, 128, 512];
    return [
      ...cubes,
      ...rows.flatMap((m) => layers.map((each) => layer(m, each, threads))),
      ...['bf16', 'int8'].flatMap((precision) => [
        cube(1024, threads, precision),
        ...rows.map((m) => layer(m, layers[2], threads, precision)),
      ]),
      ...['f32', 'bf16'].flatMap((precision) => rows.map((m) => layer(m, layers[2], threads, precision, true))),
    ];
  },
  /** The geometric mean of the layers' ratios to each peer, and to the faster of them in each case. */
  summarise(rows) {
    const found = rows.filter((each) => each.dtype === 'f32' && /^layer [^,]*$/.test(each.case) && each.ratio !== null);
    if (found.length === 0) return [];
    const peers = [...new Set(found.map(({ peer }) => peer))];
    const names = [...new Set(found.map((each) => each.case))];
    const least = names.map((name) =>
      Math.min(...found.filter((each) => each.case === name).map(({ ratio }) => ratio)),
    );
    const line = (peer, ratios, of) => {
      const { suite, dtype, threads, isa } = of[0];
      const verified = of.every((each) => each.verified);
      const ratio = Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);
      const shareOfPeak = median(of.map((each) => each.shareOfPeak ?? 0)) || null;
      return row({
        suite,
        case: 'layers, geometric mean',
        dtype,
        threads,
        isa,
        peer,
        ratio,
        peak: 'f32',
        shareOfPeak,
        verified,
      });
    };
    const each = peers.map((peer) => {
      const of = found.filter((r) => r.peer === peer);
      const ratios = of.map(({ ratio }) => ratio);
      return line(peer, ratios, of);
    });
    return peers.length > 1 ? [...each, line('the faster of both', least, found)] : each;
  },
};
