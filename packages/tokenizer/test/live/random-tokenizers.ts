import type { JsonObject } from '../../src/index.js';
import { AlignedText } from '../../src/text/aligned-text.js';
import type { Case, Outcome } from './case.js';
import { type Comparison, type Context, seeds } from './comparison.js';
import { inOutcomes } from './difference.js';
import { randomCase } from './generator/case.js';
import { decoderCase, modelCase } from './generator/focused.js';
import { type Oracle, OracleGone } from './oracle.js';
import { Crash, inconsistency, loadOurs, ourOutcome } from './ours.js';
import type { Report } from './report.js';
import { shrink } from './shrink.js';

/** What a case came to: nothing, a difference, or something that this package does not do yet. */
type Verdict = { difference: string } | { unsupported: string } | { gone: string } | undefined;

const UNSUPPORTED = /^\[TOKENIZER_COMPONENT_UNSUPPORTED\] ([^;]*)|^.*not yet.*/;

/**
 * Added tokens that normalize to nothing, or to the same: the library then panics, or takes one that changes from run to run.
 */
function ambiguous({ config, added }: Case): boolean {
  const { tokenizer } = loadOurs({ config, added: [] });
  const { normalizer } = tokenizer;
  if (normalizer === undefined) return false;
  const forms = new Map<string, string>();
  for (const { content, normalized } of added) {
    if (!normalized) continue;
    const form = normalizer.normalize(AlignedText.untracked(content)).text;
    if (form === '' || (forms.get(form) ?? content) !== content) return true;
    forms.set(form, content);
  }
  return false;
}

async function judge(oracle: Oracle, given: Case): Promise<Verdict> {
  try {
    const ours = ourOutcome(given);
    const unsupported = 'error' in ours ? UNSUPPORTED.exec(ours.error) : null;
    if (unsupported !== null) return { unsupported: unsupported[1] ?? unsupported[0] };
    if ('value' in ours && ambiguous(given))
      return { unsupported: 'added tokens that normalize to nothing or the same' };
    const question = {
      ask: 'cases.run',
      config: JSON.stringify(given.config),
      added: given.added,
      runs: wellFormed(given.runs).map((run) => (run.kind === 'stream' ? { ...run, kind: 'decode' } : run)),
    };
    const theirs: Outcome = await oracle.ask(question);
    const found = inOutcomes(given.runs, ours, theirs);
    if (found !== undefined) return { difference: found.what };
    if ('error' in ours) return undefined;
    const inner = inconsistency(given);
    return inner === undefined ? undefined : { difference: `ours alone: ${inner}` };
  } catch (error) {
    if (error instanceof Crash) return { difference: `crash: ${error.message}` };
    if (error instanceof OracleGone) return { gone: error.message };
    throw error;
  }
}

function mended(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

/** Python refuses lone surrogates; ours has to take each as U+FFFD. */
function wellFormed<T>(runs: T): T {
  return JSON.parse(JSON.stringify(runs), (_, value) => (typeof value === 'string' ? mended(value) : value));
}

/** What a difference is about, without its particulars. */
function kindOf(difference: string): string {
  return difference
    .replace(/(overflowing\[\d+\]\.)+/, 'overflowing.')
    .replace(/batch\[\d+\]\./, '')
    .replace(/: (ours|theirs) .*|".*/s, '')
    .replace(/\d+/g, 'n')
    .slice(0, 100);
}

function typesIn(part: unknown): string {
  if (typeof part !== 'object' || part === null) return '';
  const own = (part as JsonObject).type;
  const inner = Object.values(part).flatMap((value) => (Array.isArray(value) ? value.map(typesIn) : []));
  return [own, ...inner].filter((type) => type !== '' && type !== undefined).join('+');
}

function componentsOf({ config, added }: Case): string {
  const parts = ['normalizer', 'pre_tokenizer', 'model', 'post_processor', 'decoder'].map((key) =>
    typesIn(config[key]),
  );
  const set = ['truncation', 'padding'].filter((key) => config[key] !== null);
  if (added.length > 0) set.push('added');
  return [...parts, ...set].filter((name) => name !== '').join(' ');
}

/** The cases that `make` makes of the seeds, or the one that the command line gives. */
async function compareCases(context: Context, make: (seed: number) => Case): Promise<void> {
  const { oracle, report, settings } = context;
  if (settings.given !== undefined) return compareOne(context, settings.given as Case, 'the case');
  const told = new Set<string>();
  for (const seed of seeds(context, 1000)) {
    const given = make(seed);
    const verdict = await judge(oracle, given);
    if (count(report, given, verdict)) await tell(context, given, { seed, what: verdict.difference }, told);
  }
}

/** Whether there is a difference. */
function count(report: Report, given: Case, verdict: Verdict): verdict is { difference: string } {
  if (verdict === undefined) report.compared(given.runs.length);
  else if ('unsupported' in verdict) report.skipped(verdict.unsupported);
  else if ('gone' in verdict) report.skipped(`the oracle failed: ${verdict.gone}`);
  else {
    report.differs();
    return true;
  }
  return false;
}

async function tell(
  { oracle, report }: Context,
  given: Case,
  { seed, what }: { seed: number; what: string },
  told: Set<string>,
): Promise<void> {
  const kind = kindOf(what);
  const rough = `${kind} of ${componentsOf(given)}`;
  if (told.has(rough)) return;
  told.add(rough);
  const small = await shrink(given, async (smaller) => {
    const verdict = await judge(oracle, smaller);
    return verdict !== undefined && 'difference' in verdict && kindOf(verdict.difference) === kind;
  });
  const name = `${kind} of ${componentsOf(small)}`;
  if (told.has(name)) return;
  told.add(name);
  const verdict = await judge(oracle, small);
  report.tell({
    title: `seed ${seed}: ${name}`,
    what: verdict !== undefined && 'difference' in verdict ? verdict.difference : what,
    arguments: ['--case', '-'],
    given: small,
  });
}

async function compareOne({ oracle, report }: Context, given: Case, name: string): Promise<void> {
  const verdict = await judge(oracle, given);
  if (!count(report, given, verdict)) return;
  const title = `${name}: ${componentsOf(given)}`;
  report.tell({ title, what: verdict.difference, arguments: ['--case', '-'], given });
}

export const random: Comparison = {
  about: 'random tokenizers with random texts: every field of every encoding, decoded texts, files',
  takesCase: true,
  run: (context) => compareCases(context, randomCase),
};

const PARTS = { models: modelCase, decoders: decoderCase };

export const parts: Comparison = {
  about: 'models and decoders by themselves, on what they do something with',
  takesCase: true,
  async run(context) {
    for (const [name, make] of Object.entries(PARTS)) {
      if (name.includes(context.settings.only)) await compareCases(context, make);
    }
  },
};
