import { totalmem } from 'node:os';
import { loadCpu, loadCuda } from '@gerbert/native';
import type { Backend, KernelName, Kernels } from './backend.js';
import { GerbertError } from './errors.js';
import { hostMemory } from './host-memory.js';
import { Pool } from './pool.js';
import { reference } from './reference/index.js';

export type DeviceName = 'js' | 'cpu' | 'cuda';
const names: readonly DeviceName[] = ['js', 'cpu', 'cuda'];

/** A backend and the pool over its memory. */
export interface Device {
  readonly name: DeviceName;
  readonly backend: Backend;
  readonly pool: Pool;
}

export interface DeviceReport {
  name: DeviceName;
  available: boolean;
  /** Why it is not available. */
  reason?: string;
  /** Instruction set the kernels were chosen for. */
  isa?: string;
  threads?: number;
  /** How many kernels are computed by the reference backend instead. */
  fallbacks?: number;
}

/** What this machine can compute on, and why it cannot on what is missing. Never throws. */
export function devices(): DeviceReport[] {
  const cpu = loadCpu();
  const cuda = loadCuda();
  return [
    { name: 'js', available: true, fallbacks: 0 },
    cpu.available
      ? { name: 'cpu', available: true, isa: cpu.isa, threads: cpu.threads, fallbacks: missing(cpu.kernels).length }
      : { name: 'cpu', available: false, reason: cpu.reason },
    { name: 'cuda', available: false, reason: cuda.reason },
  ];
}

const opened = new Map<DeviceName, Device>();

/**
 * The device of that name; without one, the one of `GERBERT_DEVICE`, or `cpu` where the addon loads, else `js`.
 * Throws `DEVICE_UNKNOWN`, or `DEVICE_UNAVAILABLE` with the reason.
 */
export function device(name: string | undefined = process.env.GERBERT_DEVICE || undefined): Device {
  const chosen = name ?? (loadCpu().available ? 'cpu' : 'js');
  if (!isDeviceName(chosen)) {
    throw new GerbertError('DEVICE_UNKNOWN', `There is no device '${chosen}': the devices are ${names.join(', ')}.`);
  }
  let found = opened.get(chosen);
  if (!found) {
    const backend = open(chosen);
    found = { name: chosen, backend, pool: new Pool(backend, { cap: totalmem() / 2 }) };
    opened.set(chosen, found);
  }
  return found;
}

function isDeviceName(name: string): name is DeviceName {
  return (names as readonly string[]).includes(name);
}

function open(name: DeviceName): Backend {
  if (name === 'js') return { ...hostMemory(), ...reference };
  if (name === 'cpu') {
    const cpu = cpuBackend();
    if ('backend' in cpu) return cpu.backend;
    throw unavailable('cpu', cpu.unavailable);
  }
  throw unavailable('cuda', loadCuda().reason);
}

function unavailable(name: DeviceName, reason: string): GerbertError {
  return new GerbertError('DEVICE_UNAVAILABLE', `The device '${name}' cannot be used here: ${reason}`);
}

/** The reference kernels, overridden by every native kernel that exists, over memory the addon knows. */
export function cpuBackend(): { backend: Backend } | { unavailable: string } {
  const cpu = loadCpu();
  if (!cpu.available) return { unavailable: cpu.reason };
  const kernels: Kernels = { ...reference, ...(cpu.kernels as Partial<Kernels>) };
  return { backend: { ...hostMemory(cpu.adopt, cpu.release), ...kernels } };
}

function missing(kernels: object): KernelName[] {
  return (Object.keys(reference) as KernelName[]).filter((name) => !(name in kernels));
}
