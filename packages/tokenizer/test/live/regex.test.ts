import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TokenizerError } from '../../src/errors.js';
import { RegexPattern } from '../../src/patterns/regex.js';
import { IntList } from '../../src/text/int-list.js';

interface Case {
  pattern: string;
  error?: string;
  rows?: [text: string, spans: number[], replaced: string][];
}

const python = process.env.TOKENIZERS_PYTHON;
const seed = process.env.REGEX_SEED ?? '1';
const count = process.env.REGEX_PATTERNS ?? '3000';

/** Spans of the non-empty matches in code points, and the text with all matches replaced by U+E000. */
function matches(source: string, text: string): [number[], string] {
  const out = new IntList();
  new RegexPattern(source).findAll(text, 0, text.length, out);
  const found = [...out.toArray()];
  const spans: number[] = [];
  let replaced = '';
  let last = 0;
  for (let i = 0; i < found.length; i += 2) {
    const [from, to] = [found[i], found[i + 1]];
    if (to > from) spans.push([...text.slice(0, from)].length, [...text.slice(0, to)].length);
    replaced += `${text.slice(last, from)}\ue000`;
    last = to;
  }
  return [spans, replaced + text.slice(last)];
}

function answer(pattern: string, text: string): unknown {
  try {
    return matches(pattern, text);
  } catch (error) {
    if (error instanceof TokenizerError) return error.code;
    throw error;
  }
}

// TOKENIZERS_PYTHON names a Python with the library; without one there is nothing to compare with.
test.skipIf(python === undefined)(
  'random patterns match as in the Rust library',
  () => {
    const script = fileURLToPath(new URL('regex-cases.py', import.meta.url));
    const lines = execFileSync(python!, [script, seed, count], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [, ...cases] = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case);
    const wrong: unknown[] = [];
    let [pairs, refused, unsupported] = [0, 0, 0];
    for (const { pattern, error, rows = [] } of cases) {
      if (error !== undefined) {
        refused++;
        const got = answer(pattern, 'a');
        if (typeof got !== 'string') wrong.push({ pattern, error, got });
      }
      for (const [text, spans, replaced] of rows) {
        const got = answer(pattern, text);
        if (got === 'TOKENIZER_PATTERN_UNSUPPORTED') unsupported++;
        else if (JSON.stringify(got) !== JSON.stringify([spans, replaced]))
          wrong.push({ pattern, text, want: [spans, replaced], got });
        else pairs++;
      }
    }
    console.log(
      `${cases.length} patterns, ${pairs} pairs equal, ${refused} refused by both, ${unsupported} pairs unsupported, ${wrong.length} wrong`,
    );
    expect(wrong.slice(0, 40).map((each) => JSON.stringify(each))).toEqual([]);
  },
  600_000,
);
