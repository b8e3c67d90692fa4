import { createInterface } from 'node:readline';
import { type Encoding, type EncodingOptions, Tokenizer, TokenizerError } from '../../src/index.js';

/** One line of options.py. */
interface Line {
  seed: number;
  config: { truncation: { max_length: number; stride: number } | null } & object;
  plainSpecials: boolean;
  kind: 'text' | 'pair' | 'words' | 'wordsPair' | 'batch';
  inputs: unknown[];
  special: boolean;
  result: { value: Row[] } | { error: string };
}

type Row = Record<string, unknown> & { overflowing: Row[]; maps?: Record<string, unknown[][]> };

const MAPS = {
  tokenToWord: (e, i) => e.tokenToWord(i),
  tokenToSequence: (e, i) => e.tokenToSequence(i),
  wordToTokens: (e, i, s) => e.wordToTokens(i, s),
  charToToken: (e, i, s) => e.charToToken(i, s),
  charToWord: (e, i, s) => e.charToWord(i, s),
  tokenToChars: (e, i) => e.tokenToChars(i),
  wordToChars: (e, i, s) => e.wordToChars(i, s),
} satisfies Record<string, (encoding: Encoding, i: number, sequence: number) => unknown>;

function row(encoding: Encoding): Row {
  return {
    ids: [...encoding.ids],
    typeIds: [...encoding.typeIds],
    attentionMask: [...encoding.attentionMask],
    specialTokensMask: [...encoding.specialTokensMask],
    spans: [...encoding.codePointSpans],
    wordIds: encoding.wordIds,
    sequenceIds: encoding.sequenceIds,
    tokens: [...encoding.tokens],
    overflowing: encoding.overflowing.map(row),
  };
}

/** Whether which of two sequences a token is in is left open: the library then answers one way or the other. */
function overlapping({ ranges }: Encoding): boolean {
  for (let i = 0; i < ranges.length; i += 3) {
    for (let j = 0; j < i; j += 3) if (ranges[i + 1] < ranges[j + 2] && ranges[j + 1] < ranges[i + 2]) return true;
  }
  return false;
}

function withMaps(encoding: Encoding, theirs: Row): Row {
  const asked = Object.entries(theirs.maps!).map(([name, rows]) => {
    if (overlapping(encoding)) return [name, rows];
    const ask = MAPS[name as keyof typeof MAPS];
    return [name, rows.map((values, s) => values.map((_, i) => ask(encoding, i, s) ?? null))];
  });
  return { ...row(encoding), maps: Object.fromEntries(asked) };
}

function encode(tokenizer: Tokenizer, { kind, inputs, special, plainSpecials }: Line): Encoding[] {
  const options: EncodingOptions = { addSpecialTokens: special, encodeSpecialTokens: plainSpecials };
  switch (kind) {
    case 'text':
    case 'pair':
      return [tokenizer.encode(inputs[0] as string, { ...options, pair: inputs[1] as string })];
    case 'words':
    case 'wordsPair':
      return [tokenizer.encodeWords(inputs[0] as string[], { ...options, pairWords: inputs[1] as string[] })];
    case 'batch':
      return tokenizer.encodeBatch(inputs as string[], options);
  }
}

/** Refused on purpose, where the library goes on: its limit wraps around below zero, or panics for longer texts only. */
function refusedOnPurpose({ config: { truncation }, special, kind }: Line, tokenizer: Tokenizer): boolean {
  if (truncation === null) return false;
  const pairs = kind === 'batch' ? [false, true] : [kind === 'pair' || kind === 'wordsPair'];
  return pairs.some((isPair) => {
    const most = truncation.max_length - (special ? (tokenizer.postProcessor?.addedTokens(isPair) ?? 0) : 0);
    return most < 0 || (most > 0 && truncation.stride >= most);
  });
}

function firstDifference(ours: unknown, theirs: unknown, path = ''): string | undefined {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return undefined;
  if (typeof ours === 'object' && typeof theirs === 'object' && ours !== null && theirs !== null) {
    for (const key of Object.keys({ ...ours, ...theirs })) {
      const inner = firstDifference(Reflect.get(ours, key), Reflect.get(theirs, key), `${path}.${key}`);
      if (inner !== undefined) return inner;
    }
  }
  return `${path}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
}

/** 'refused' where ours refuses on purpose, a text where there is a difference. */
function compare(line: Line): string | undefined {
  const tokenizer = Tokenizer.fromJSON(line.config);
  const written = firstDifference(JSON.parse(JSON.stringify(tokenizer)), line.config);
  if (written !== undefined) return `written${written}`;
  try {
    const encodings = encode(tokenizer, line);
    if ('error' in line.result) return `only theirs refuses: ${line.result.error}`;
    const theirs = line.result.value;
    return firstDifference(
      encodings.map((encoding, i) => withMaps(encoding, theirs[i])),
      theirs,
    );
  } catch (error) {
    if (!(error instanceof TokenizerError)) return `crash: ${(error as Error).stack}`;
    if ('error' in line.result || refusedOnPurpose(line, tokenizer)) return 'refused';
    return `only ours refuses: ${error.message}`;
  }
}

const counts = { equal: 0, refused: 0, different: 0 };
for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text) as Line;
  const found = compare(line);
  if (found === undefined) counts.equal++;
  else if (found === 'refused') counts.refused++;
  else if (counts.different++ < 10) {
    console.log(`seed ${line.seed}: ${found}\n  ${JSON.stringify({ ...line, result: undefined })}`);
  }
}
console.log(
  `options: ${counts.equal} equal, ${counts.refused} refused by both or on purpose, ${counts.different} different`,
);
process.exitCode = counts.different === 0 && counts.equal > 0 ? 0 : 1;
