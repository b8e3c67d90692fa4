import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../src/files.mjs';
import { measure } from '../src/measure.mjs';
import { Sides } from '../src/sides.mjs';

const toy = fileURLToPath(new URL('sides/toy.mjs', import.meta.url));
const side = (way: string) => ({ label: way, command: process.execPath, args: [toy, way] });
const table = {
  gerbert: side('right'),
  same: side('same'),
  wrong: side('wrong'),
  crashing: side('crashing'),
  tiring: side('tiring'),
  without: side('without'),
  absent: { label: 'Absent', command: '/nowhere', args: [], installed: () => false },
};
/** A processor that does 10⁹ of everything a second. */
const peaks = { measure: async () => 1 };

let sides: Sides;
let temporary: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  sides = new Sides(table as never);
  temporary = temporaryFolder();
});
afterEach(async () => {
  await sides.close();
  temporary.remove();
});

function rowsFor(peers: string[], different: object = {}) {
  const item = {
    name: 'doubling',
    dtype: 'f32',
    threads: 1,
    op: 'double',
    params: { factor: 2 },
    inputs: () => ({ x: { data: Float32Array.of(1, 2, 3), shape: [3] } }),
    expect: () => [{ output: 'y', width: 1, want: Float64Array.of(2, 4, 6), bound: new Float64Array(3).fill(1e-6) }],
    peers: peers.map((name) => ({ side: name })),
    work: { kind: 'f32', amount: 3 },
    ...different,
  };
  return measure(item as never, { sides, peaks, folder: temporary.folder, rounds: 3, suite: 'toys' } as never);
}

it('verifies, times and compares', async () => {
  const [row, ...others] = await rowsFor(['same']);
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    suite: 'toys',
    case: 'doubling',
    dtype: 'f32',
    threads: 1,
    isa: 'toy512',
    peer: 'same',
    peak: 'f32',
  });
  expect(row.verified).toBe(true);
  expect(row.ratio).toBe(row.peerMs! / row.oursMs!);
  expect(row.oursSpread![0]).toBeLessThanOrEqual(row.oursMs!);
  expect(row.oursSpread![1]).toBeGreaterThanOrEqual(row.oursMs!);
  expect(row.shareOfPeak).toBeGreaterThan(0);
  expect(sides.versions).toEqual({ right: '1.2.3', same: '1.2.3' });
});

it('tells of a peer that is not installed, and measures ours all the same', async () => {
  const [row] = await rowsFor(['absent']);
  expect(row).toMatchObject({ peer: 'Absent', peerMs: null, ratio: null, verified: null });
  expect(row.note).toContain('not installed: pnpm bench:setup');
  expect(row.oursMs).toBeGreaterThan(0);
});

it('refuses to time a peer whose result is wrong', async () => {
  const [wrong, right] = await rowsFor(['wrong', 'same']);
  expect(wrong).toMatchObject({ verified: false, peerMs: null, ratio: null });
  expect(wrong.note).toMatch(/^wrong's result is .* times as far off as it may be/);
  expect(right.verified).toBe(true);
});

it('refuses to time anything where our own result is wrong', async () => {
  const [row] = await rowsFor(['same'], { ours: 'wrong' });
  expect(row).toMatchObject({ verified: false, oursMs: null, peerMs: null, isa: null });
  expect(row.note).toContain('our result is');
});

it.each([
  ['crashing', 7],
  ['tiring', 8],
])('tells of a peer that is %s while it is timed, and goes on with the others', async (way, code) => {
  const [crashed, right] = await rowsFor([way, 'same']);
  expect(crashed).toMatchObject({ peerMs: null, ratio: null, verified: null });
  expect(crashed.note).toContain(`${way} ended by exit code ${code}`);
  expect(right.ratio).toBeGreaterThan(0);
});

it('tells of what we cannot compute ourselves', async () => {
  const [row] = await rowsFor(['same'], { ours: 'without' });
  expect(row).toMatchObject({ oursMs: null, peerMs: null, verified: null, note: 'without: it cannot double' });
});
