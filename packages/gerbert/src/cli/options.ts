import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { didYouMean, UsageError } from './errors.js';

/** Corpora by name; every other word after `--corpus` is a path. */
export const corpusNames = ['addresses', 'moby-dick', 'tales'] as const;
export const languages = ['en', 'zh'] as const;
export const demoDevices = ['cpu', 'js'] as const;

export type Language = (typeof languages)[number];
export type DemoDevice = (typeof demoDevices)[number];

/** A parser for an option that takes one of `known`. */
export function oneOf<T extends string>(known: readonly T[]): (value: string) => T {
  return (value) => {
    const found = known.find((name) => name === value);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`${didYouMean(value, known)} Known: ${known.join(', ')}.`);
  };
}

/** Finite and above 0, in decimal digits. */
export function positiveNumber(value: string): number {
  const number = Number(value);
  if (/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a finite number above 0, such as 3 or 0.5.');
}

/** An integer from 0 to 2³² − 1. */
export function seed(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number < 2 ** 32) return number;
  throw new InvalidArgumentError('It must be an integer from 0 to 4294967295.');
}

/** What to read, and in which language. */
export interface Reading {
  corpus: string[];
  lang: Language;
}

/**
 * The corpus and language of the words on the command line. Without a corpus: the addresses, or the tales where the run
 * is to be quick or Chinese.
 *
 * @throws UsageError `OPTION_INVALID` for a path that does not exist, several corpora of which one has a name, and
 *   Chinese where the corpus is English.
 */
export function readingOf(words: string[] | undefined, lang: Language, quick: boolean): Reading {
  const corpus = words ?? [quick || lang === 'zh' ? 'tales' : 'addresses'];
  const isName = (word: string) => corpusNames.some((name) => name === word);
  const named = corpus.find(isName);
  if (named !== undefined && corpus.length > 1) {
    const others = corpus.filter((word) => word !== named).join(' ') || named;
    throw new UsageError(
      'OPTION_INVALID',
      `--corpus takes one name or any number of paths, not ${named} and ${others}.`,
    );
  }
  const missing = corpus.find((word) => !isName(word) && !existsSync(word));
  if (missing !== undefined) {
    const hint = /[\\/.]/.test(missing) ? '' : ` ${didYouMean(missing, corpusNames)}`;
    const known = `The corpora are ${corpusNames.join(', ')}, and any text file or folder.`;
    throw new UsageError('OPTION_INVALID', `--corpus ${missing}: there is no such file or folder.${hint} ${known}`);
  }
  if (lang === 'zh' && named !== undefined && named !== 'tales') {
    throw new UsageError('OPTION_INVALID', `--corpus ${named} is in English; with --lang zh take tales or files.`);
  }
  return { corpus, lang };
}

/** An integer of at least 0. */
export function count(value: string): number {
  if (/^\d+$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
  throw new InvalidArgumentError('It must be an integer of at least 0.');
}

/** An integer of at least 1. */
export function positiveInteger(value: string): number {
  if (/^\d+$/.test(value) && Number.isSafeInteger(Number(value)) && Number(value) > 0) return Number(value);
  throw new InvalidArgumentError('It must be an integer of at least 1.');
}
