import { expect, it } from 'vitest';
import { render } from '../src/render.mjs';
import { row, timedRow } from '../src/rows.mjs';

const known = { suite: 'gemm', dtype: 'f32', threads: 2, isa: 'avx512', verified: true };
const document = {
  machine: { cpu: 'Some Processor', cores: 2, memoryGiB: 24, system: 'Linux 6.1 x64', features: ['avx2', 'fma'] },
  isa: 'avx512',
  versions: { gerbert: '0.0.0', torch: '2.13.0' },
  peaks: {
    1: { f32: 118.25, bf16: null, int8: 470, read: 25, copy: 30 },
    2: { f32: 230, bf16: null, int8: 900, read: 28, copy: 33 },
  },
  date: '2026-05-17T10:00:00.000Z',
  rounds: 3,
  rows: [
    {
      ...timedRow({ ...known, case: '1024³', peer: 'PyTorch' }, [10, 12, 11], [22, 33, 24]),
      peak: 'f32',
      shareOfPeak: 0.815,
    },
    row({
      ...known,
      case: '1024³',
      peer: 'OpenBLAS',
      verified: null,
      note: 'OpenBLAS is not installed: pnpm bench:setup',
    }),
    row({
      ...known,
      suite: 'train',
      case: 'step, peak memory',
      peer: 'PyTorch',
      mib: { ours: 100, peer: 150 },
      ratio: 1.5,
    }),
    timedRow({ ...known, suite: 'train', case: 'step', peer: 'PyTorch', verified: false }, [3, 1], [1]),
  ],
};
const suites = ['gemm', 'train', 'js'].map((name) => ({ name, about: `About ${name}.` }));

it('renders every figure, and says what is missing', () => {
  const page = render(document, suites);
  for (const line of [
    '| date | 2026-05-17 |',
    '| processor | Some Processor, 2 cores (avx2, fma) |',
    '| versions | gerbert 0.0.0, torch 2.13.0 |',
    '| measured peak | 1 thread | 2 threads |',
    '| f32, GFLOP/s | 118.3 | 230.0 |',
    '| bf16 dot, GFLOP/s | none | none |',
    '## gemm\n\nAbout gemm.\n',
    '| 1024³ | f32 | 2 | 11.0 (10.0–12.0) | PyTorch | 24.0 (22.0–33.0) | 2.18 | 82 % f32 | yes |',
    '| 1024³ | f32 | 2 | – | OpenBLAS | – | – | – | – |',
    '- 1024³, f32, OpenBLAS: OpenBLAS is not installed: pnpm bench:setup\n',
    '| step, peak memory | f32 | 2 | 100 MiB | PyTorch | 150 MiB | 1.50 | – | yes |',
    '| step | f32 | 2 | 2.00 (1.00–3.00) | PyTorch | 1.00 (1.00–1.00) | 0.50 | – | **no** |',
  ]) {
    expect(page).toContain(line);
  }
  expect(page).not.toContain('## js');
});
