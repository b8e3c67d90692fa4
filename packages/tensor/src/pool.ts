import type { Buffer, Memory } from './backend.js';

export interface PoolStats {
  /** Bytes taken from the system and not yet given back: in use or idle. */
  readonly bytes: number;
  readonly idleBytes: number;
  /** How often the system was asked for memory since the pool was made. */
  readonly allocations: number;
}

const smallest = 256;

/** Whether memory is freed soon, at the end of a scope, or stays with a tensor that no scope owns. */
export type Lifetime = 'passing' | 'lasting';

/**
 * Keeps freed memory for the next tensor of about the same size. Sizes are rounded up to classes, four per octave, so at most a fifth is
 * wasted and a training step finds the buffers of the step before.
 *
 * Passing memory of a larger class is taken where the right class has none: a step on a smaller batch then runs in the buffers of a
 * larger one, with no allocation once the largest has been seen. Lasting memory is kept apart and always of its own class, so that
 * what a user collects neither sits in large buffers nor takes them out of circulation.
 */
export class Pool {
  readonly #memory: Memory;
  readonly #idle = { passing: new Map<number, Buffer[]>(), lasting: new Map<number, Buffer[]>() };
  /** Idle bytes above this are given back to the system. */
  cap: number;
  #bytes = 0;
  #idleBytes = 0;
  #allocations = 0;

  constructor(memory: Memory, options: { cap?: number } = {}) {
    this.#memory = memory;
    this.cap = options.cap ?? Number.POSITIVE_INFINITY;
  }

  /** Memory of at least `bytes`, content undefined. Throws `OUT_OF_MEMORY`. */
  take(bytes: number, lifetime: Lifetime = 'passing'): Buffer {
    const size = sizeClass(bytes);
    const idle = this.#idle[lifetime].get(size)?.pop() ?? (lifetime === 'passing' ? this.#larger(size) : undefined);
    if (idle) {
      this.#idleBytes -= idle.bytes;
      return idle;
    }
    const buffer = this.#allocate(size);
    this.#bytes += size;
    this.#allocations += 1;
    return buffer;
  }

  /** Takes back what `take` gave for the same lifetime. */
  give(buffer: Buffer, lifetime: Lifetime = 'passing'): void {
    const size = buffer.bytes;
    if (this.#idleBytes + size > this.cap) {
      this.#memory.free(buffer);
      this.#bytes -= size;
      return;
    }
    const idle = this.#idle[lifetime];
    const alike = idle.get(size);
    if (alike) alike.push(buffer);
    else idle.set(size, [buffer]);
    this.#idleBytes += size;
  }

  /** Gives all idle memory back to the system. */
  trim(): void {
    for (const idle of [this.#idle.passing, this.#idle.lasting]) {
      for (const buffers of idle.values()) for (const buffer of buffers) this.#memory.free(buffer);
      idle.clear();
    }
    this.#bytes -= this.#idleBytes;
    this.#idleBytes = 0;
  }

  stats(): PoolStats {
    return { bytes: this.#bytes, idleBytes: this.#idleBytes, allocations: this.#allocations };
  }

  /** The smallest idle buffer above a class. */
  #larger(size: number): Buffer | undefined {
    let best: Buffer[] | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [other, buffers] of this.#idle.passing) {
      if (other <= size || other >= least || buffers.length === 0) continue;
      best = buffers;
      least = other;
    }
    return best?.pop();
  }

  #allocate(size: number): Buffer {
    try {
      return this.#memory.allocate(size);
    } catch (error) {
      // Idle memory of other classes may be what is missing.
      if (this.#idleBytes === 0) throw error;
      this.trim();
      return this.#memory.allocate(size);
    }
  }
}

/** The least of 2ᵏ·{1, 1¼, 1½, 1¾} that holds `bytes`. */
export function sizeClass(bytes: number): number {
  if (bytes <= smallest) return smallest;
  const octave = 2 ** Math.floor(Math.log2(bytes));
  return Math.ceil((bytes - octave) / (octave / 4)) * (octave / 4) + octave;
}
