import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DType, devices, type HostTensor, type Module, SafetensorsFile, type Tensor } from '@gerbert/tensor';
import type { GenerationOptions } from '@gerbert/transformer';
import { expect, type TestContext } from 'vitest';

/** The checkpoint directory of a golden model. */
export function goldenDirectory(name: string): string {
  return fileURLToPath(new URL(`goldens/${name}`, import.meta.url));
}

export interface AdamWSetting {
  lr: number;
  betas: [number, number];
  eps: number;
  weight_decay: number;
  max_norm: number;
}

/** What PyTorch computed, f64; see goldens/make.py. */
export class Golden {
  readonly adamw: AdamWSetting;
  readonly #tensors: ReadonlyMap<string, HostTensor>;

  private constructor(tensors: ReadonlyMap<string, HostTensor>, adamw: AdamWSetting) {
    this.#tensors = tensors;
    this.adamw = adamw;
  }

  static async read(name: string): Promise<Golden> {
    const file = await SafetensorsFile.open(goldenDirectory(`${name}.golden.safetensors`));
    const adamw = JSON.parse(file.metadata.get('adamw')!);
    const golden = new Golden(await file.readAll(), adamw);
    await file.close();
    return golden;
  }

  /** The elements, of a padded [B, T] array row by row. */
  values(name: string): number[] {
    const found = this.#tensors.get(name);
    if (!found) throw new Error(`no golden named ${name}`);
    return Array.from(found.data);
  }

  names(prefix: string): string[] {
    return [...this.#tensors.keys()].filter((name) => name.startsWith(prefix));
  }

  /** The padded [B, T] array without the padding: one list a sequence. */
  sequences(name: string): number[][] {
    const [batch = 0, longest = 0] = this.#tensors.get('attention_mask')!.shape;
    const mask = this.values('attention_mask');
    const values = this.values(name);
    const row = (b: number) => values.slice(b * longest, (b + 1) * longest).filter((_, t) => mask[b * longest + t]);
    return Array.from({ length: batch }, (_, b) => row(b));
  }
}

export interface Searched {
  tokens: number[];
  ended: boolean;
  logProbability: number;
}

export interface GoldenText {
  end: number;
  searches: { prompt: number[]; options: GenerationOptions; results: Searched[] }[];
  texts: { tokens: number[]; from: number; logLikelihood: number }[];
}

export function goldenText(): GoldenText {
  return JSON.parse(readFileSync(goldenDirectory('tiny.golden.json'), 'utf8'));
}

/** A path in the data folder, or undefined where this machine has none. */
export function dataPath(path: string): string | undefined {
  const folder = process.env.GERBERT_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
  const found = join(folder, path);
  return existsSync(found) ? found : undefined;
}

/** Each device with each dtype it computes gradients in. */
export const places = devices().flatMap(({ name, available, reason }) => {
  const dtypes: DType[] = name === 'js' ? ['f64', 'f32'] : ['f32'];
  return dtypes.map((dtype) => ({ device: name, dtype, reason: available ? undefined : (reason ?? 'unavailable') }));
});

export type Place = (typeof places)[number];

/** Skips a test on a device this machine lacks. */
export function need({ reason }: Place, context: TestContext): void {
  if (reason !== undefined) context.skip(reason);
}

/**
 * How far apart results of the same formula may be: roundings of relative size ε in a chain of `terms` operations add up as a random
 * walk to ε·√terms of the largest magnitudes met, and a layer may amplify what came before a few times over (c = 8).
 */
export function tolerance(dtype: DType, terms: number, scale: number): number {
  const epsilon = dtype === 'f64' ? 2 ** -53 : 2 ** -24;
  return 8 * epsilon * Math.sqrt(terms) * scale;
}

export interface Comparison {
  dtype: DType;
  /** Length of the chain of roundings behind a number. */
  terms: number;
  /** The magnitude that errors are relative to. Default: the greatest among `expected`. */
  scale?: number;
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  { dtype, terms, scale = largest(expected) }: Comparison,
  what = '',
): void {
  expect(actual.length, what).toBe(expected.length);
  let worst = 0;
  for (const [i, value] of expected.entries()) {
    const off = Math.abs(actual[i]! - value);
    worst = off >= worst ? off : Number.isNaN(off) ? Number.POSITIVE_INFINITY : worst;
  }
  expect(worst, `${what} differs from PyTorch`).toBeLessThanOrEqual(tolerance(dtype, terms, scale));
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Gradients by checkpoint name: those of stacked parameters in their parts. */
export async function gradients(model: Module): Promise<Map<string, number[]>> {
  const whole = new Map<Tensor['storage'], { values: number[]; offset: number }>();
  for (const [name, parameter] of model.parameters()) {
    if (!parameter.grad) throw new Error(`${name} has no gradient`);
    const values = Array.from(await parameter.grad.read());
    whole.set(parameter.storage, { values, offset: parameter.offset });
  }
  const parts = new Map<string, number[]>();
  for (const [name, part] of model.state()) {
    const { values, offset } = whole.get(part.storage)!;
    parts.set(name, values.slice(part.offset - offset, part.offset - offset + part.size));
  }
  return parts;
}
