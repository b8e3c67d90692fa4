import type { Buffer } from './backend.js';
import type { Device } from './devices.js';
import { GerbertError } from './errors.js';
import type { Lifetime } from './pool.js';
import type { Scope } from './scope.js';

/** Thrown with code `DISPOSED` when a tensor is used after its memory was given back. */
export class DisposedError extends GerbertError {
  constructor() {
    super(
      'DISPOSED',
      'This tensor was disposed: it was freed by dispose() or at the end of the scope() that made it. Return it from the scope, or keep() it.',
    );
  }
}

// Tensors made outside every scope and dropped without dispose(): their memory returns to the pool when V8 finds them dead.
const unowned = new FinalizationRegistry<{ device: Device; buffer: Buffer }>(({ device, buffer }) => {
  device.pool.give(buffer, 'lasting');
});

/** The memory behind one or more tensors (a reshaped tensor shares it), with the count of writes to it. */
export class Storage {
  readonly device: Device;
  /** Grows with every write, so that a saved tensor that changed before backward is found out. */
  version = 0;
  readonly #bytes: number;
  #buffer: Buffer | null;
  #lifetime: Lifetime;

  constructor(device: Device, bytes: number, owner: Scope | null) {
    this.device = device;
    this.#bytes = bytes;
    this.#lifetime = owner ? 'passing' : 'lasting';
    this.#buffer = device.pool.take(bytes, this.#lifetime);
    if (owner) owner.own(this);
    else this.#watch();
  }

  get buffer(): Buffer {
    if (this.#buffer === null) throw new DisposedError();
    return this.#buffer;
  }

  get disposed(): boolean {
    return this.#buffer === null;
  }

  /** Moves to lasting memory, which dispose() or the garbage collector gives back: no scope owns this any more. */
  settle(): void {
    if (this.#lifetime === 'lasting' || this.#buffer === null) return;
    const { backend, pool } = this.device;
    const from = this.#buffer;
    const to = pool.take(this.#bytes, 'lasting');
    const bytes = { offset: 0, dtype: 'u8', dims: [this.#bytes] } as const;
    backend.cast({ buffer: to, ...bytes }, { buffer: from, ...bytes });
    pool.give(from, 'passing');
    this.#buffer = to;
    this.#lifetime = 'lasting';
    this.#watch();
  }

  /** Returns the memory to the pool. A second call does nothing. */
  release(): void {
    if (this.#buffer === null) return;
    if (this.#lifetime === 'lasting') unowned.unregister(this);
    this.device.pool.give(this.#buffer, this.#lifetime);
    this.#buffer = null;
  }

  #watch(): void {
    unowned.register(this, { device: this.device, buffer: this.#buffer! }, this);
  }
}
