// The peaks of this processor as peaks.cc measures them: compiled at first use, then a child that is asked again and again.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { Child } from '../child.mjs';
import { peaksSource, peersFolder } from '../folders.mjs';

export const kinds = ['f32', 'bf16', 'int8', 'read', 'copy'];
const flags = ['-std=c++20', '-O3', '-pthread'];

/** Compiles peaks.cc unless that very source has been compiled already. Returns the program's path, or throws with the reason. */
export function buildPeaks() {
  const hash = createHash('sha256').update(readFileSync(peaksSource)).update(flags.join()).digest('hex').slice(0, 16);
  const program = `${peersFolder}/bin/peaks-${hash}`;
  if (existsSync(program)) return program;
  mkdirSync(`${peersFolder}/bin`, { recursive: true });
  const compilers = process.env.CXX ? [process.env.CXX] : ['g++', 'c++', 'clang++'];
  let reason = '';
  for (const compiler of compilers) {
    const fresh = `${program}.${process.pid}`;
    const { status, stderr, error } = spawnSync(compiler, [...flags, '-o', fresh, peaksSource], { encoding: 'utf8' });
    if (status === 0) {
      renameSync(fresh, program);
      return program;
    }
    reason = error?.message ?? stderr.trim().split('\n')[0];
  }
  throw new Error(`the peaks cannot be measured: ${compilers.join(', ')}: ${reason}`);
}

/** Measures peaks in short bursts. Without a compiler `measure` gives null, and `reason` says why. */
export class Peaks {
  #child = null;
  reason = null;

  constructor() {
    try {
      this.#child = new Child('the peaks', buildPeaks());
    } catch (error) {
      this.reason = error.message;
    }
  }

  /** 10⁹ operations or bytes per second, or null. */
  async measure(kind, threads, ms = 20) {
    if (!this.#child?.alive) return null;
    try {
      const { rate } = await this.#child.request({ kind, threads, ms }, { timeoutMs: 30_000 });
      return rate;
    } catch (error) {
      this.reason = error.message;
      return null;
    }
  }

  /** All kinds for each number of threads: the median of three bursts. */
  async table(threadCounts) {
    const table = {};
    for (const threads of threadCounts) {
      table[threads] = {};
      for (const kind of kinds) {
        const rates = [];
        for (let i = 0; i < 3; i++) rates.push(await this.measure(kind, threads));
        table[threads][kind] = rates.sort((a, b) => a - b)[1];
      }
    }
    return table;
  }

  async close() {
    await this.#child?.close();
  }
}
