import type { TokenizerTrainingOptions } from '@gerbert/tokenizer';
import { didYouMean, UsageError } from '../../errors.js';
import { componentNames, modelOptionNames, readOptionsFile, type TrainSettings } from './options-file.js';
import { type ModelName, models, type PresetFlags, presets } from './presets.js';

/** The flags of `gerbert tokenizer train` that say what is learnt; named as `trainTokenizer` names them. */
export interface SettingFlags extends PresetFlags {
  model?: ModelName;
  options?: string;
  vocabSize?: number;
  minFrequency?: number;
  specialTokens?: string[];
  limitAlphabet?: number;
  initialAlphabet?: string;
  continuingSubwordPrefix?: string;
  endOfWordSuffix?: string;
  maxTokenLength?: number;
  unkToken?: string;
  shrinkingFactor?: number;
  nSubIterations?: number;
  maxPieceLength?: number;
  seedSize?: number;
  fuseUnk?: boolean;
  byteFallback?: boolean;
  ignoreMerges?: boolean;
  dropout?: number;
  maxInputCharsPerWord?: number;
}

/** Names without value left out. */
function present(settings: TrainSettings): TrainSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/**
 * The options of `trainTokenizer`: what flags say, else the file of `--options`, else the model's preset.
 *
 * @throws UsageError `OPTION_INVALID`
 */
export function settingsOf(flags: SettingFlags): TokenizerTrainingOptions {
  const { options: file, lowercase, byteLevel, addPrefixSpace, initialAlphabet, ...rest } = flags;
  const alphabet = initialAlphabet === undefined ? undefined : [...initialAlphabet];
  const fromFile = file === undefined ? {} : readOptionsFile(file);
  const given = present({ ...fromFile, ...present({ ...rest, initialAlphabet: alphabet }) });
  const model = modelOf(given.model);
  const piped = componentNames.some((name) => Object.hasOwn(fromFile, name));
  const presetFlags = present({ lowercase, byteLevel, addPrefixSpace });
  if (piped && Object.keys(presetFlags).length > 0) {
    const message = '--lowercase, --byte-level and --add-prefix-space belong to presets, which --options replaces.';
    throw new UsageError('OPTION_INVALID', message);
  }
  const preset = piped ? {} : present(presets[model](presetFlags, given));
  return arranged({ ...preset, ...given, model });
}

function modelOf(name: unknown): ModelName {
  if (name === undefined)
    throw new UsageError('OPTION_INVALID', `--model is missing. Name one of ${models.join(', ')}.`);
  const found = models.find((each) => each === name);
  if (found !== undefined) return found;
  const hint = typeof name === 'string' ? ` ${didYouMean(name, models)}` : '';
  throw new UsageError('OPTION_INVALID', `The model must be one of ${models.join(', ')}.${hint}`);
}

/** Options of the model apart from the trainer's. Unigram's unknown token is the trainer's. */
function arranged(settings: TrainSettings): TokenizerTrainingOptions {
  const names: readonly string[] = settings.model === 'unigram' ? modelOptionNames : [...modelOptionNames, 'unkToken'];
  const entries = Object.entries(settings);
  const modelOptions = Object.fromEntries(entries.filter(([name]) => names.includes(name)));
  const others = Object.fromEntries(entries.filter(([name]) => !names.includes(name)));
  return { ...others, ...(Object.keys(modelOptions).length > 0 ? { modelOptions } : {}) } as TokenizerTrainingOptions;
}
