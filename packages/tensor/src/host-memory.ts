import type { Buffer, Memory, View } from './backend.js';
import { GerbertError } from './errors.js';
import { bytesPerElement, type HostBuffer } from './host.js';

const alignment = 64;

/** What is told of every new ArrayBuffer: it answers with its own number for it and the first byte on a 64-byte boundary. */
export type Adopt = (data: ArrayBuffer) => { handle: number; base: number };

/**
 * Memory made of ArrayBuffers. An addon that shares it passes `adopt`, which is called once per allocation and finds the aligned
 * first byte (JavaScript cannot see addresses), and `release`, which is called once per handle when the memory is freed.
 * Without them the memory begins at byte 0 of its ArrayBuffer, with handle −1.
 *
 * `allocate` throws `OUT_OF_MEMORY`; `read`, `readSync` and `write` throw `MEMORY_RANGE` where the sizes differ or the view
 * reaches beyond its buffer.
 */
export function hostMemory(
  adopt?: Adopt,
  release?: (handle: number) => void,
): Memory & Required<Pick<Memory, 'readSync'>> {
  const readSync = (from: View, to: ArrayBufferView): void => {
    hostBytes(to).set(viewBytes(from, to.byteLength, 'read'));
  };
  return {
    allocate(bytes: number): HostBuffer {
      const data = newArrayBuffer(bytes, adopt === undefined ? 0 : alignment);
      const { handle, base } = adopt === undefined ? { handle: -1, base: 0 } : adopt(data);
      return { bytes, data, base, handle };
    },
    free(buffer: Buffer): void {
      const { handle } = buffer as HostBuffer;
      if (handle !== -1) release?.(handle);
    },
    write(to: View, from: ArrayBufferView): void {
      viewBytes(to, from.byteLength, 'write').set(hostBytes(from));
    },
    readSync,
    async read(from: View, to: ArrayBufferView): Promise<void> {
      readSync(from, to);
    },
  };
}

function newArrayBuffer(bytes: number, spare: number): ArrayBuffer {
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    throw new GerbertError(
      'OUT_OF_MEMORY',
      `cannot allocate ${bytes} bytes: the size must be a whole number, at least 0`,
    );
  }
  try {
    return new ArrayBuffer(bytes + spare);
  } catch (cause) {
    const message = `cannot allocate ${bytes} bytes of host memory; use smaller batches or free tensors first`;
    throw new GerbertError('OUT_OF_MEMORY', message, { cause });
  }
}

function hostBytes(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function viewBytes(view: View, bytes: number, doing: 'read' | 'write'): Uint8Array {
  const { data, base, bytes: capacity } = view.buffer as HostBuffer;
  const width = bytesPerElement[view.dtype];
  const size = view.dims.reduce((product, d) => product * d, width);
  const at = view.offset * width;
  if (size !== bytes || at < 0 || at + size > capacity) {
    const place = `${view.dtype} [${view.dims.join(', ')}] at byte ${at} of a buffer of ${capacity} bytes`;
    throw new GerbertError(
      'MEMORY_RANGE',
      `cannot ${doing} ${bytes} bytes through the view ${place}, which holds ${size} bytes`,
    );
  }
  return new Uint8Array(data, base + at, size);
}
