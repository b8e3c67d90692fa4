import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { NativeError } from './errors.js';

export const mostThreads = 1024;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Quota and period of one control group, both in µs, in the words of version 2 or version 1; undefined where there is no limit. */
function quotaOf(directory: string): number | undefined {
  const max = read(`${directory}/cpu.max`)?.trim().split(' ');
  const quota = Number(max ? max[0] : read(`${directory}/cpu.cfs_quota_us`));
  const period = Number(max ? max[1] : read(`${directory}/cpu.cfs_period_us`));
  return quota > 0 && period > 0 ? quota / period : undefined;
}

/** The cores that Linux control groups grant this process: the least of its group's and those above it. */
function controlGroupCores(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const own = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const parts = own.split('/').filter((part) => part !== '' && part !== '..');
  const directories = parts.map((_, i) => `/sys/fs/cgroup/${parts.slice(0, i + 1).join('/')}`);
  const quotas = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu', ...directories].map(quotaOf);
  return Math.min(...quotas.map((quota) => quota ?? Number.POSITIVE_INFINITY));
}

/** An integer from 1 to `mostThreads`, or an error that names `what`. */
export function checkThreads(what: string, count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= mostThreads) return count;
  throw new NativeError('INVALID_OPTION', `${what} is ${count}; it must be an integer from 1 to ${mostThreads}`);
}

/** GERBERT_THREADS, or the number of cores this process may use. */
export function defaultThreads(): number {
  const asked = process.env.GERBERT_THREADS;
  if (asked !== undefined && asked !== '') {
    if (!/^\d+$/.test(asked)) {
      throw new NativeError(
        'INVALID_OPTION',
        `GERBERT_THREADS is "${asked}"; it must be an integer from 1 to ${mostThreads}`,
      );
    }
    return checkThreads('GERBERT_THREADS', Number(asked));
  }
  return Math.min(mostThreads, Math.max(1, Math.min(availableParallelism(), Math.ceil(controlGroupCores()))));
}
