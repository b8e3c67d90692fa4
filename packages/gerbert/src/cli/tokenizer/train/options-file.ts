import { readFileSync } from 'node:fs';
import { didYouMean, UsageError } from '../../errors.js';

/** What a training is told, by the names of `trainTokenizer`; `modelOptions` lie flat among the others. */
export type TrainSettings = Record<string, unknown>;

export const componentNames = ['normalizer', 'preTokenizer', 'postProcessor', 'decoder'] as const;

export const modelOptionNames = ['fuseUnk', 'byteFallback', 'ignoreMerges', 'dropout', 'maxInputCharsPerWord'] as const;

/** What a file of options may hold. */
const known: readonly string[] = [
  'model',
  ...componentNames,
  ...modelOptionNames,
  'vocabSize',
  'minFrequency',
  'specialTokens',
  'limitAlphabet',
  'initialAlphabet',
  'continuingSubwordPrefix',
  'endOfWordSuffix',
  'maxTokenLength',
  'unkToken',
  'shrinkingFactor',
  'nSubIterations',
  'maxPieceLength',
  'seedSize',
  'modelOptions',
];

const knownModelOptions = ['unkToken', ...modelOptionNames];

/** `pre_tokenizer` → `preTokenizer` */
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * The settings of a JSON file. Names may be spelt as in JavaScript (`preTokenizer`) or as in tokenizer.json
 * (`pre_tokenizer`); components are what tokenizer.json says of them.
 *
 * @throws UsageError `OPTION_INVALID` for a file that cannot be read, or with a name that nobody would read
 */
export function readOptionsFile(path: string): TrainSettings {
  const json = parse(path);
  if (!isObject(json)) throw new UsageError('OPTION_INVALID', `--options ${path}: expected an object.`);
  const { modelOptions, ...settings } = spelt(json, known, `--options ${path}`);
  if (modelOptions === undefined) return withTokens(settings);
  if (!isObject(modelOptions)) {
    throw new UsageError('OPTION_INVALID', `--options ${path}: modelOptions must be an object.`);
  }
  return withTokens({ ...settings, ...spelt(modelOptions, knownModelOptions, `--options ${path}: modelOptions`) });
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file.' : message;
    throw new UsageError('OPTION_INVALID', `--options ${path}: ${what}`, { cause });
  }
}

function isObject(value: unknown): value is TrainSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object under the names that are known. */
function spelt(object: TrainSettings, names: readonly string[], where: string): TrainSettings {
  const found = new Map<string, unknown>();
  for (const [given, value] of Object.entries(object)) {
    const name = camel(given);
    if (!names.includes(name)) {
      throw new UsageError('OPTION_INVALID', `${where}: there is no "${given}". ${didYouMean(name, names)}`);
    }
    if (found.has(name)) throw new UsageError('OPTION_INVALID', `${where}: "${name}" is there twice.`);
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

/** Special tokens with properties may have them as tokenizer.json spells them. */
function withTokens(settings: TrainSettings): TrainSettings {
  const { specialTokens } = settings;
  if (!Array.isArray(specialTokens)) return settings;
  const token = (value: unknown) => {
    if (!isObject(value)) return value;
    const {
      special: _,
      id: __,
      ...rest
    } = Object.fromEntries(Object.entries(value).map(([name, each]) => [camel(name), each]));
    return rest;
  };
  return { ...settings, specialTokens: specialTokens.map(token) };
}
