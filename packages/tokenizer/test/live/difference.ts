import type { JsonObject } from '../../src/index.js';
import type { Described, Outcome, Result, Run } from './case.js';

type Columns = Omit<Described, 'overflowing' | 'otherwise'>;

/** Where the n-th code point of a text begins, in UTF-16 units. */
function unitsOf(text: string): (point: number) => number {
  const starts: number[] = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i)! > 0xffff ? 2 : 1) starts.push(i);
  if (starts.length === text.length) return (point) => point;
  starts.push(text.length);
  return (point) => starts[point] ?? point - (starts.length - 1) + text.length;
}

function whole<T>(column: T[] | { all: T; length: number }): T[] {
  return Array.isArray(column) ? column : new Array<T>(column.length).fill(column.all);
}

/** The oracle's encoding with offsets in UTF-16 units. `texts`: text and pair. */
export function inUnits(raw: Described, texts: readonly string[]): Described {
  const maps = texts.map(unitsOf);
  const convert = (encoding: Described): Described => {
    const sequenceIds = whole(encoding.sequenceIds);
    return {
      ...encoding,
      typeIds: whole(encoding.typeIds),
      attentionMask: whole(encoding.attentionMask),
      specialTokensMask: whole(encoding.specialTokensMask),
      sequenceIds,
      offsets: encoding.offsets.map((point, i) => (maps[sequenceIds[i >> 1] ?? 0] ?? maps[0])(point)),
      // Which text a token is from is not always known to the library, nor right.
      otherwise: encoding.offsets.map((point, i) => (maps[sequenceIds[i >> 1] === 1 ? 0 : 1] ?? maps[0])(point)),
      overflowing: encoding.overflowing.map(convert),
    };
  };
  return convert(raw);
}

const COLUMNS: (keyof Columns)[] = [
  'ids',
  'tokens',
  'offsets',
  'wordIds',
  'typeIds',
  'specialTokensMask',
  'attentionMask',
  'sequenceIds',
];

function inEncoding(ours: Described, theirs: Described, where: string): string | undefined {
  for (const column of COLUMNS) {
    const a = JSON.stringify(ours[column]);
    const b = JSON.stringify(theirs[column]);
    if (column === 'offsets' && ours.offsets.every((x, i) => x === theirs.offsets[i] || x === theirs.otherwise?.[i]))
      continue;
    if (a !== b) return `${where}${column}: ours ${shortened(a)}, theirs ${shortened(b)}`;
  }
  if (ours.overflowing.length !== theirs.overflowing.length) {
    return `${where}overflowing: ours ${ours.overflowing.length} parts, theirs ${theirs.overflowing.length}`;
  }
  for (const [i, part] of ours.overflowing.entries()) {
    const found = inEncoding(part, theirs.overflowing[i], `${where}overflowing[${i}].`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shortened(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

/** Path of the first difference of two JSON values; the order of keys does not count. */
export function inJson(ours: unknown, theirs: unknown, where = ''): string | undefined {
  const both = typeof ours === 'object' && ours !== null && typeof theirs === 'object' && theirs !== null;
  if (!both || Array.isArray(ours) !== Array.isArray(theirs)) {
    return Object.is(ours, theirs)
      ? undefined
      : `json${where}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
  }
  const a = new Map(Object.entries(ours));
  const b = new Map(Object.entries(theirs));
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    if (a.has(key) !== b.has(key)) return `json${where}.${key}: only ${a.has(key) ? 'ours' : 'theirs'}`;
    const found = inJson(a.get(key), b.get(key), `${where}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a stream gives must be the whole text. (Their stream may go astray or give up; their `decode` is asked.) */
function inStream(ours: string[], theirs: string): string | undefined {
  return ours.join('') === theirs
    ? undefined
    : `stream: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
}

/** What the library writes for a BPE that a file says nothing of. */
const BPE_DEFAULTS: JsonObject = {
  dropout: null,
  unk_token: null,
  continuing_subword_prefix: null,
  end_of_word_suffix: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
};

/**
 * Merges are written as pairs or as lines, as they were read, affixes that are none as null or nothing, and what a file leaves
 * out is left out here.
 */
function inOneSpelling(text: string): JsonObject {
  const json = JSON.parse(text) as JsonObject;
  const model = json.model as JsonObject;
  if (Array.isArray(model.merges)) {
    json.model = {
      ...BPE_DEFAULTS,
      ...model,
      merges: model.merges.map((m) => (typeof m === 'string' ? m.split(' ') : m)),
    };
  }
  for (const key of ['continuing_subword_prefix', 'end_of_word_suffix']) {
    if ((json.model as JsonObject)[key] === '') (json.model as JsonObject)[key] = null;
  }
  return json;
}

function inValue(run: Run, ours: unknown, theirs: unknown): string | undefined {
  switch (run.kind) {
    case 'encode': {
      const texts = run.pair === undefined ? [run.text] : [run.text, run.pair];
      return inEncoding(ours as Described, inUnits(theirs as Described, texts), '');
    }
    case 'batch': {
      const list = theirs as Described[];
      for (const [i, encoding] of (ours as Described[]).entries()) {
        const found = inEncoding(encoding, inUnits(list[i], [run.texts[i]]), `batch[${i}].`);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case 'again':
      return ours === theirs ? undefined : `saved and loaded: ours ${ours}, theirs ${theirs}`;
    case 'decode':
      return ours === theirs ? undefined : `decode: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`;
    case 'stream':
      return inStream(ours as string[], theirs as string);
    case 'json':
      return inJson(inOneSpelling(ours as string), inOneSpelling(theirs as string));
  }
}

/**
 * The library lets the length wrap around below zero, and looks at the stride only when it cuts: this package refuses both,
 * whatever the text.
 */
const STRICTER =
  /^\[TOKENIZER_TRUNCATION_IMPOSSIBLE\] truncation\.(maxLength \d+ leaves no room|stride \d+ must be smaller)/;

/**
 * What differs first in the results of one run. Where both refuse, the words do not matter; where the library panics, which is
 * an error in it, ours may do what it likes, as long as it does not crash.
 */
export function inRun(run: Run, ours: Result, theirs: Result): string | undefined {
  if ('error' in ours || 'error' in theirs) {
    if ('error' in ours && ('error' in theirs || STRICTER.test(ours.error))) return undefined;
    if ('error' in theirs && theirs.error.startsWith('PanicException')) return undefined;
    return 'error' in ours
      ? `${run.kind}: only ours refuses: ${ours.error}`
      : `${run.kind}: only theirs refuses: ${(theirs as { error: string }).error}`;
  }
  return inValue(run, ours.value, theirs.value);
}

/** The first run that differs, or -1 where loading already does. */
export function inOutcomes(
  runs: readonly Run[],
  ours: Outcome,
  theirs: Outcome,
): { run: number; what: string } | undefined {
  if ('error' in ours || 'error' in theirs) {
    if ('error' in ours && 'error' in theirs) return undefined;
    const what =
      'error' in ours
        ? `only ours refuses to load: ${ours.error}`
        : `only theirs refuses to load: ${(theirs as { error: string }).error}`;
    return { run: -1, what };
  }
  const counts = [ours.value.added, theirs.value.added].map((list) => JSON.stringify(list));
  if (counts[0] !== counts[1]) return { run: -1, what: `tokens added: ours ${counts[0]}, theirs ${counts[1]}` };
  for (const [i, run] of runs.entries()) {
    const what = inRun(run, ours.value.results[i], theirs.value.results[i]);
    if (what !== undefined) return { run: i, what };
  }
  return undefined;
}
