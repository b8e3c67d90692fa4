import { chinese } from './chinese.js';
import { english } from './english.js';
import { checkChoice, checkOptions, checkWhole } from './errors.js';
import type { Language } from './language.js';
import { Random } from './random.js';
import { namesPerGender, placeCount, qualityCount, roleCount, thingCount } from './sizes.js';
import { factsOf, tell } from './teller.js';
import type { Lang, Split, Tale } from './types.js';

const langs: readonly Lang[] = ['en', 'zh'];
const splits: readonly Split[] = ['train', 'validation', 'test'];

export function languageOf(lang: Lang): Language {
  return lang === 'en' ? english : chinese;
}

/** Keeps the random numbers of tales apart from those of other things made from the same seed. */
export const purposes = { tale: 1, task: 2 } as const;

export interface TalesOptions {
  /** A whole number in [0, 2⁵³). */
  readonly seed: number;
  /** Default 'en'. */
  readonly lang?: Lang;
  /** Default 'train'. No three consecutive sentences of a tale of one split stand in a tale of another, whatever the seeds. */
  readonly split?: Split;
}

/** The stream of random numbers of the index-th story of a purpose. */
export function storyRandom(
  { seed, lang = 'en', split = 'train' }: TalesOptions,
  { purpose, index, attempt }: { readonly purpose: number; readonly index: number; readonly attempt: number },
): Random {
  return new Random(seed, purpose, langs.indexOf(lang), splits.indexOf(split), index, attempt);
}

export function checkTalesOptions({ seed, lang = 'en', split = 'train' }: TalesOptions): void {
  checkWhole(seed, 'seed');
  checkChoice(lang, langs, 'lang');
  checkChoice(split, splits, 'split');
}

/** The index-th tale of a seed, language and split. */
function taleAt(options: TalesOptions, index: number): Tale {
  const { lang = 'en', split = 'train' } = options;
  const language = languageOf(lang);
  for (let attempt = 0; ; attempt++) {
    const told = tell(language, split, storyRandom(options, { purpose: purposes.tale, index, attempt }));
    if (told === undefined) continue;
    const { sentences, world } = told;
    return { lang, sentences, text: sentences.join(language.space), facts: factsOf(language, world) };
  }
}

/** Endless tales, told as they are asked for; each iteration begins anew with the first. @throws TalesError for an option that cannot be. */
export function tales(options: TalesOptions): Iterable<Tale> {
  checkOptions(options, ['seed', 'lang', 'split'], 'tales');
  checkTalesOptions(options);
  return {
    *[Symbol.iterator]() {
      for (let index = 0; ; index++) yield taleAt(options, index);
    },
  };
}

/** The first `count` tales of `tales(…)`. @throws TalesError for an option that cannot be. */
export function generateTales(options: TalesOptions & { readonly count: number }): Tale[] {
  checkOptions(options, ['seed', 'count', 'lang', 'split'], 'generateTales');
  checkTalesOptions(options);
  checkWhole(options.count, 'count');
  return Array.from({ length: options.count }, (_, index) => taleAt(options, index));
}

/**
 * How many different tales there are at least. A tale's first three sentences name its first person and that person's trade and home, a
 * thing and its quality, and a second person, trade and home; tales that differ in any of these differ. What happens then is not counted.
 */
export function distinctTales(): bigint {
  const people = BigInt(2 * namesPerGender) * BigInt(2 * namesPerGender - 1);
  const roles = BigInt(roleCount) * BigInt(roleCount - 1);
  const homes = BigInt(placeCount) * BigInt(placeCount - 1);
  return people * roles * homes * BigInt(thingCount) * BigInt(qualityCount);
}
