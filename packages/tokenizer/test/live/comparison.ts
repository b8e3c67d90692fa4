import type { Oracle } from './oracle.js';
import type { Report } from './report.js';

/** What the command line asks for. */
export interface Settings {
  /** The first case's; the next one has the next seed. */
  seed: number;
  /** So many cases; by default each comparison knows how many are moderate. */
  cases: number | undefined;
  /** When to stop, in milliseconds as `Date.now()` counts them. */
  until: number;
  /** Everything there is, instead of a sample. */
  all: boolean;
  /** Only what has this in its name. */
  only: string;
  /** Folder of published vocabularies, corpora and Unicode's files. */
  data: string;
  /** One case to look at again, as a difference printed it. */
  given: unknown;
}

/** What a comparison works with. */
export interface Context {
  oracle: Oracle;
  report: Report;
  settings: Settings;
}

export interface Comparison {
  /** What is compared, for the help. */
  about: string;
  /** Packages that Python needs besides tokenizers. */
  packages?: readonly string[];
  /** Whether a difference's case can be given again with `--case`. */
  takesCase?: boolean;
  run(context: Context): Promise<void>;
}

/** Whether to go on: there is time left, and no difference after which to stop. */
export function goesOn({ report, settings }: Context): boolean {
  return Date.now() < settings.until && !report.finished;
}

/** The seeds of the cases, as long as it goes on. `moderate`: how many where the command line does not say. */
export function* seeds(context: Context, moderate: number): Generator<number> {
  const { seed, cases, until } = context.settings;
  const count = cases ?? (until === Number.POSITIVE_INFINITY ? moderate : Number.POSITIVE_INFINITY);
  for (let i = 0; i < count && goesOn(context); i++) yield seed + i;
}
