import { GerbertError } from './errors.js';
import { Storage } from './storage.js';
import type { Tensor } from './tensor.js';

/** Owns the memory of tensors made while it is open. */
export class Scope {
  readonly #owned = new Set<Storage>();

  own(storage: Storage): void {
    this.#owned.add(storage);
  }

  owns(storage: Storage): boolean {
    return this.#owned.has(storage);
  }

  /** Frees everything but what `survives`, which passes to `heir`. */
  close(heir: Scope | null, survives: (storage: Storage) => boolean): void {
    for (const storage of this.#owned) {
      if (storage.disposed) continue;
      if (survives(storage)) pass(storage, heir);
      else storage.release();
    }
    this.#owned.clear();
  }

  disown(storage: Storage): void {
    this.#owned.delete(storage);
  }
}

function pass(storage: Storage, heir: Scope | null): void {
  if (heir) heir.own(storage);
  else storage.settle();
}

// Scopes take synchronous callbacks only, so this stack is never seen half-way by other work.
const open: Scope[] = [];

export function currentScope(): Scope | null {
  return open.at(-1) ?? null;
}

/** Runs `body` in a new scope that is closed with `survives`; whatever survives belongs to the scope outside. */
export function within<T>(body: () => T, survives: (storage: Storage, result: T) => boolean): T {
  const inner = new Scope();
  open.push(inner);
  let result: T;
  try {
    result = body();
  } catch (error) {
    open.pop();
    inner.close(null, () => false);
    throw error;
  }
  open.pop();
  inner.close(currentScope(), (storage) => survives(storage, result));
  return result;
}

/**
 * Runs `fn` and frees every tensor made in it except those it returns (alone, or in arrays, Maps and plain objects), gradients of
 * parameters, and what `keep` was called for.
 *
 * `fn` must be synchronous: a promise throws `SCOPE_ASYNC`, for other work would run while the scope is open.
 */
export function scope<T>(fn: () => T): T {
  let kept: Set<Storage> | null = null;
  return within(
    () => synchronous('scope', fn),
    (storage, result) => {
      kept ??= storagesIn(result, new Set(), new Set());
      return kept.has(storage);
    },
  );
}

/** Takes a tensor out of all open scopes: it lives until dispose() or until nobody refers to it. */
export function keep<T extends Tensor>(tensor: T): T {
  for (const each of open) each.disown(tensor.storage);
  tensor.storage.settle();
  return tensor;
}

/** Calls `fn`, refusing a promise as its result. */
export function synchronous<T>(what: string, fn: () => T): T {
  const result = fn();
  if (result !== null && typeof result === 'object' && typeof (result as { then?: unknown }).then === 'function') {
    throw new GerbertError(
      'SCOPE_ASYNC',
      `${what}(fn) takes a synchronous function, but this one returned a promise. Await before or after it, or open one ${what} per step.`,
    );
  }
  return result;
}

function storagesIn(value: unknown, found: Set<Storage>, seen: Set<unknown>): Set<Storage> {
  if (value === null || typeof value !== 'object' || seen.has(value)) return found;
  seen.add(value);
  const { storage } = value as { storage?: unknown };
  if (storage instanceof Storage) found.add(storage);
  else if (Array.isArray(value)) for (const each of value) storagesIn(each, found, seen);
  else if (value instanceof Map) for (const each of value.values()) storagesIn(each, found, seen);
  else if (isPlain(value)) for (const each of Object.values(value)) storagesIn(each, found, seen);
  return found;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
