import { checkOptions, GerbertError } from '@gerbert/tensor';
import { withDefaults } from '../options.js';

export interface GenerationOptions {
  /** Most tokens to add. */
  maxNewTokens: number;
  /** No end-of-text before this many new tokens. Default 0. */
  minNewTokens?: number;
  /** Tokens that end a sequence. They are not part of the result. */
  endTokens?: readonly number[];
  /** More than 1: beam search with this many hypotheses. Default 1. */
  beams?: number;
  /** Beam search divides a hypothesis's log-probability by length^this. Default 1. */
  lengthPenalty?: number;
  /** Draw from the distribution rather than take its mode. Default false. */
  sample?: boolean;
  /** Divides the logits before sampling. Default 1. */
  temperature?: number;
  /** Sample among the k most probable tokens (Fan et al. 2018). 0: all. */
  topK?: number;
  /** Sample among the fewest tokens whose probabilities reach this sum (Holtzman et al. 2020). 1: all. */
  topP?: number;
  /** Sample among tokens at least this probable, relative to the most probable (Nguyen et al. 2024). 0: all. */
  minP?: number;
  /** Divides positive and multiplies negative logits of tokens seen before (Keskar et al. 2019). 1: none. */
  repetitionPenalty?: number;
  /** No n-gram of this size twice. 0: any. */
  noRepeatNgram?: number;
  /** How many sequences to return. With beams, at most that many; without `sample` or beams only 1. Default 1. */
  sequences?: number;
  /** Of the sampler. Default 0. */
  seed?: number;
  /** Applied to the logits after the built-in ones, in order. */
  processors?: readonly LogitsProcessor[];
  signal?: AbortSignal;
}

/** Changes the logits of the next token in place; −∞ forbids one. `tokens` is everything so far, prompt included. */
export type LogitsProcessor = (logits: Float32Array, tokens: readonly number[]) => void;

export type ResolvedOptions = Required<Omit<GenerationOptions, 'signal'>> & { signal?: AbortSignal };

const defaults = {
  minNewTokens: 0,
  endTokens: [],
  beams: 1,
  lengthPenalty: 1,
  sample: false,
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  noRepeatNgram: 0,
  sequences: 1,
  seed: 0,
  processors: [],
} satisfies Partial<GenerationOptions>;

const ofSampling = ['temperature', 'topK', 'topP', 'minP'] as const;

/** Fills in defaults. Throws `OPTION_UNKNOWN`, `OPTION_RANGE`, or `OPTION_CONFLICT` for an option that could have no effect. */
export function resolve(options: GenerationOptions): ResolvedOptions {
  checkOptions('generate()', options, ['maxNewTokens', ...Object.keys(defaults), 'signal']);
  const all: ResolvedOptions = withDefaults(options, defaults);
  const range = (name: keyof GenerationOptions, fits: boolean, what: string) => {
    if (!fits) throw new GerbertError('OPTION_RANGE', `generate(): ${name} must be ${what}, not ${String(all[name])}.`);
  };
  const whole = (n: number, least: number) => Number.isInteger(n) && n >= least;
  range('maxNewTokens', whole(all.maxNewTokens, 0), 'a whole number, at least 0');
  range('minNewTokens', whole(all.minNewTokens, 0), 'a whole number, at least 0');
  const ends = all.endTokens.every((token) => whole(token, 0));
  range('endTokens', ends, 'a list of token ids');
  range('beams', whole(all.beams, 1), 'a whole number, at least 1');
  range('lengthPenalty', Number.isFinite(all.lengthPenalty), 'a finite number');
  range('sequences', whole(all.sequences, 1), 'a whole number, at least 1');
  range('seed', whole(all.seed, 0), 'a whole number, at least 0');
  range('temperature', all.temperature > 0 && all.temperature < Number.POSITIVE_INFINITY, 'a finite number above 0');
  range('topK', whole(all.topK, 0), 'a whole number, at least 0');
  range('topP', all.topP > 0 && all.topP <= 1, 'in (0, 1]');
  range('minP', all.minP >= 0 && all.minP <= 1, 'in [0, 1]');
  range('repetitionPenalty', all.repetitionPenalty > 0, 'above 0');
  range('noRepeatNgram', whole(all.noRepeatNgram, 0), 'a whole number, at least 0');
  refuseConflicts(options, all);
  return all;
}

function refuseConflicts(options: GenerationOptions, all: ResolvedOptions): void {
  const conflict = (what: string) => {
    throw new GerbertError('OPTION_CONFLICT', `generate(): ${what}.`);
  };
  if (!all.sample) {
    for (const name of ofSampling) if (options[name] !== undefined) conflict(`${name} acts only with sample: true`);
    if (options.seed !== undefined) conflict('seed acts only with sample: true');
  }
  if (all.sample && all.beams > 1) conflict('sample and beams > 1 exclude each other');
  if (options.lengthPenalty !== undefined && all.beams === 1) conflict('lengthPenalty acts only with beams > 1');
  if (all.minNewTokens > 0 && all.endTokens.length === 0) conflict('minNewTokens acts only with endTokens');
  if (all.minNewTokens > all.maxNewTokens) conflict('minNewTokens is above maxNewTokens');
  if (!all.sample && all.sequences > all.beams) {
    conflict(`${all.sequences} sequences need sample: true, or at least as many beams`);
  }
}
