import { type Encoding, type EncodingOptions, Tokenizer, TokenizerError } from '../../src/index.js';
import { type Comparison, type Context, seeds } from './comparison.js';

/** A random tokenizer, and what was made of some inputs with it. */
interface Answer {
  config: { truncation: { max_length: number; stride: number } | null } & object;
  plainSpecials: boolean;
  calls: Call[];
}

interface Call {
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

function encode(tokenizer: Tokenizer, { kind, inputs, special }: Call, plainSpecials: boolean): Encoding[] {
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
function refusedOnPurpose(tokenizer: Tokenizer, { truncation }: Answer['config'], { special, kind }: Call): boolean {
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

/** Undefined where nothing differs. */
function difference(tokenizer: Tokenizer, { config, plainSpecials }: Answer, call: Call): string | undefined {
  try {
    const encodings = encode(tokenizer, call, plainSpecials);
    if ('error' in call.result) return `only theirs refuses: ${call.result.error}`;
    const theirs = call.result.value;
    return firstDifference(
      encodings.map((encoding, i) => withMaps(encoding, theirs[i])),
      theirs,
    );
  } catch (error) {
    if (!(error instanceof TokenizerError)) return `crash: ${(error as Error).stack}`;
    if ('error' in call.result || refusedOnPurpose(tokenizer, config, call)) return undefined;
    return `only ours refuses: ${error.message}`;
  }
}

async function compareOptions(context: Context): Promise<void> {
  const { oracle, report } = context;
  for (const seed of seeds(context, 2000)) {
    const answer = await oracle.value<Answer>({ ask: 'options.calls', seed });
    const tokenizer = Tokenizer.fromJSON(answer.config);
    const tell = (what: string, given: object) => {
      report.differs();
      const title = `seed ${seed}: ${JSON.stringify(given).slice(0, 1000)}`;
      report.tell({ title, what, arguments: ['--seed', seed, '--cases', 1] });
    };
    const written = firstDifference(JSON.parse(JSON.stringify(tokenizer)), answer.config);
    if (written !== undefined) tell(`written${written}`, answer.config);
    for (const call of answer.calls) {
      const found = difference(tokenizer, answer, call);
      if (found === undefined) report.compared();
      else tell(found, { ...call, result: undefined, config: answer.config });
    }
  }
}

export const options: Comparison = {
  about:
    'options at random: added tokens, post-processors, truncation, padding, pairs, words; what encodings tell of places',
  run: compareOptions,
};
