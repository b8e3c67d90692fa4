import type { Backend, View } from '../../backend.js';
import { isGerbertError } from '../../errors.js';
import type { Suite } from './suite.js';

/** Runs `body`, which must throw an error of the library, with the given code if there is one. */
function expectError(what: string, code: string | null, body: () => unknown): void {
  let thrown: unknown;
  try {
    body();
  } catch (error) {
    thrown = error;
  }
  if (!isGerbertError(thrown) || (code !== null && thrown.code !== code)) {
    throw new Error(`${what} threw ${String(thrown)}, not a GerbertError${code === null ? '' : ` ${code}`}`);
  }
}

export function memoryContract(suite: Suite): void {
  suite.group('memory', () => {
    suite.test('gives back what was written, at any offset, and copies at once', async ({ backend }) => {
      for (const bytes of [1, 64, 1000, 2 ** 20 + 3]) {
        const buffer = backend.allocate(bytes);
        if (buffer.bytes !== bytes) throw new Error(`asked for ${bytes} bytes, got ${buffer.bytes}`);
        const all: View = { buffer, offset: 0, dtype: 'u8', dims: [bytes] };
        const image = Uint8Array.from({ length: bytes }, (_, i) => (i * 31) & 255);
        const source = image.slice();
        backend.write(all, source);
        source.fill(0); // it may be reused on return
        const part: View = {
          buffer,
          offset: Math.floor(bytes / 3),
          dtype: 'u8',
          dims: [bytes - Math.floor(bytes / 3)],
        };
        await same(backend, all, image);
        await same(backend, part, image.subarray(part.offset));
        backend.write({ ...part, dims: [1] }, Uint8Array.of(7));
        image[part.offset] = 7;
        await same(backend, all, image);
        backend.free(buffer);
      }
    });
    suite.test('counts offsets in elements', async ({ backend }) => {
      const buffer = backend.allocate(64);
      backend.write({ buffer, offset: 0, dtype: 'u8', dims: [64] }, new Uint8Array(64));
      backend.write({ buffer, offset: 3, dtype: 'i32', dims: [1, 2] }, Int32Array.of(5, -6));
      const host = new Int32Array(16);
      await backend.read({ buffer, offset: 0, dtype: 'i32', dims: [4, 4] }, host);
      if (host.join() !== '0,0,0,5,-6,0,0,0,0,0,0,0,0,0,0,0') throw new Error(`read ${host}`);
      backend.free(buffer);
    });
    suite.test('holds nothing, and many buffers apart', async ({ backend }) => {
      const empty = backend.allocate(0);
      const none: View = { buffer: empty, offset: 0, dtype: 'f32', dims: [0, 3] };
      backend.write(none, new Float32Array(0));
      await backend.read(none, new Float32Array(0));
      backend.free(empty);
      const buffers = Array.from({ length: 20 }, () => backend.allocate(40));
      const view = (i: number): View => ({ buffer: buffers[i], offset: 0, dtype: 'i32', dims: [10] });
      buffers.forEach((_, i) => {
        backend.write(view(i), new Int32Array(10).fill(i));
      });
      for (let i = 0; i < 20; i++) await same(backend, view(i), new Uint8Array(new Int32Array(10).fill(i).buffer));
      for (const buffer of buffers) backend.free(buffer);
    });
    suite.test('throws for sizes that differ and memory there is not', async ({ backend }) => {
      const buffer = backend.allocate(8);
      const view: View = { buffer, offset: 0, dtype: 'f32', dims: [2] };
      expectError('writing too few bytes', null, () => backend.write(view, new Float32Array(1)));
      expectError('writing too many bytes', null, () => backend.write(view, new Float32Array(3)));
      expectError('writing beyond the buffer', null, () => backend.write({ ...view, offset: 1 }, new Float32Array(2)));
      if (backend.readSync)
        expectError('reading too few bytes', null, () => backend.readSync!(view, new Float32Array(1)));
      backend.free(buffer);
      expectError('allocating 2⁵⁰ bytes', 'OUT_OF_MEMORY', () => backend.allocate(2 ** 50));
    });
    suite.test('reads what kernels wrote before', async (bench) => {
      const y = bench.blank(1000);
      for (let value = 0; value < 5; value++) bench.backend.fill(y, value);
      await bench.expect('y', y, new Float64Array(1000).fill(4));
    });
  });
}

async function same(backend: Backend, view: View, expected: Uint8Array): Promise<void> {
  const host = new Uint8Array(expected.length);
  await backend.read(view, host);
  const at = host.findIndex((byte, i) => byte !== expected[i]);
  if (at >= 0) throw new Error(`byte ${at} is ${host[at]}, expected ${expected[at]}`);
  if (backend.readSync === undefined) return;
  const now = new Uint8Array(expected.length);
  backend.readSync(view, now);
  if (now.some((byte, i) => byte !== host[i])) throw new Error('readSync and read differ');
}
