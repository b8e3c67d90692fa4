// Arrays that go between processes as raw files: the same bytes for every side.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of its own below the system's temporary one; `remove` deletes it, and so does the end of this process. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'gerbert-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    folder,
    remove() {
      process.removeListener('exit', remove);
      remove();
    },
  };
}

export function writeArray(file, array) {
  writeFileSync(file, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

export function readFloats(file) {
  const bytes = readFileSync(file);
  if (bytes.byteOffset % 4 === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

/** Numbers uniform in [−scale, scale), from a linear congruential generator (Numerical Recipes): fast, and the same everywhere. */
export function uniform(size, { seed = 1, scale = 1 } = {}) {
  const values = new Float32Array(size);
  let state = seed >>> 0;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = scale * ((state >>> 8) / 8388608 - 1);
  }
  return values;
}

/** Whole numbers in [0, below). */
export function indices(size, below, { seed = 1 } = {}) {
  return Int32Array.from(uniform(size, { seed }), (x) => Math.min(below - 1, Math.floor(((x + 1) / 2) * below)));
}
