import { TokenizerError } from '../../src/errors.js';
import { RegexPattern } from '../../src/patterns/regex.js';
import { type Comparison, type Context, seeds } from './comparison.js';
import { OracleGone } from './oracle.js';
import { matchesOf } from './pattern-matches.js';
import type { Report } from './report.js';

/** A pattern, and what the library says. */
interface Case {
  pattern: string;
  error?: string;
  rows?: [text: string, spans: number[], replaced: string][];
}

function answer(pattern: string, text: string): unknown {
  try {
    return matchesOf(new RegexPattern(pattern), text);
  } catch (error) {
    if (error instanceof TokenizerError) return error.code;
    throw error;
  }
}

/** What differs in a case; undefined where nothing does. */
function difference({ pattern, error, rows = [] }: Case, report: Report): string | undefined {
  if (error !== undefined) {
    const got = answer(pattern, 'a');
    if (typeof got !== 'string') return `only theirs refuses: ${error}`;
    report.compared();
  }
  for (const [text, spans, replaced] of rows) {
    const got = answer(pattern, text);
    if (got === 'TOKENIZER_PATTERN_UNSUPPORTED') report.skipped('patterns that are no linear time');
    else if (JSON.stringify(got) === JSON.stringify([spans, replaced])) report.compared();
    else {
      const theirs = JSON.stringify([spans, replaced]);
      return `on ${JSON.stringify(text)}: ours ${JSON.stringify(got)}, theirs ${theirs}`;
    }
  }
  return undefined;
}

async function comparePatterns(context: Context): Promise<void> {
  const { oracle, report } = context;
  for (const seed of seeds(context, 5000)) {
    try {
      const given = await oracle.value<Case>({ ask: 'patterns.random_pattern', seed });
      const what = difference(given, report);
      if (what === undefined) continue;
      report.differs();
      const title = `seed ${seed}: ${JSON.stringify(given.pattern)}`;
      report.tell({ title, what, arguments: ['--seed', seed, '--cases', 1] });
    } catch (error) {
      if (!(error instanceof OracleGone)) throw error;
      report.skipped('patterns that take the library exponential time');
    }
  }
}

export const patterns: Comparison = {
  about: 'random regular expressions: what they match, and with what Replace puts in their place',
  run: comparePatterns,
};
