import type { Json, JsonObject } from '../../src/index.js';
import type { Rng } from '../live/rng.js';

const HOSTILE_PATTERNS = [
  '(a+)+$',
  '(a|a)*b',
  '(a|ab|b)*c',
  '(?:x{0,1000}){0,1000}',
  'a{1000}{1000}{1000}',
  'a{2147483647}',
  'a{99999999999999999999}',
  '(?=a*b)a*',
  '(?!a*b)a*',
  '(?<=a+)b',
  '(a)\\1+',
  '[',
  '(',
  ')',
  '\\',
  '*',
  'a**',
  '(?<n',
  '\\p{Nonsense}',
  '[z-a]',
  '(?i',
  '\\x{110000}',
  '\\u12',
  '',
  '^',
  '\\b',
  '(?:)',
  '.*.*.*.*.*x',
  '\\s*\\s*\\s*\\s*\\n',
  `${'('.repeat(2000)}a${')'.repeat(2000)}`,
  `${'(?:'.repeat(20000)}a`,
  Array.from({ length: 3000 }, (_, i) => `w${i}`).join('|'),
  '[a-z&&[^aeiou]&&[^x]]',
  `[${'\\p{L}\\p{N}'.repeat(500)}]`,
];

const STRINGS = [
  '',
  'a',
  '\ud800',
  '\u0000',
  '__proto__',
  'constructor',
  ' ',
  '▁',
  '\uffff',
  '😀',
  'x'.repeat(5000),
  '\n',
  '-0',
  'NaN',
];
const NUMBERS = [
  0, -1, 1, 1.5, 2, 255, 65536, 1e9, 2147483647, 2147483648, 4294967296, 9007199254740991, 1e21, 1e308, -1e308,
];

function nested(rng: Rng): Json {
  let value: Json = null;
  const depth = rng.pick([3, 100, 20_000]);
  for (let i = 0; i < depth; i++) value = rng.chance(0.5) ? [value] : { a: value };
  return value;
}

function anyValue(rng: Rng): Json {
  return rng.weighted<() => Json>([
    [4, () => rng.pick(NUMBERS)],
    [4, () => rng.pick(STRINGS)],
    [3, () => rng.pick([null, true, false])],
    [
      2,
      () => rng.pick<Json>([[], {}, [null], [[]], [['a', 'b', 'c']], { type: 'Sequence' }, { __proto__: null, x: 1 }]),
    ],
    [1, () => nested(rng)],
  ])();
}

/** Every place in the value: the object or list it is in, and its key. The vocabulary's many places count little. */
function places(value: Json): { parent: JsonObject | Json[]; key: string }[] {
  const found: { parent: JsonObject | Json[]; key: string }[] = [];
  const queue: Json[] = [value];
  for (let i = 0; i < queue.length && found.length < 3000; i++) {
    const parent = queue[i];
    if (typeof parent !== 'object' || parent === null) continue;
    for (const key of Object.keys(parent).slice(0, 40)) {
      found.push({ parent, key });
      queue.push((parent as JsonObject)[key]);
    }
  }
  return found;
}

/** Sets an own property, whatever its name. */
function put(parent: JsonObject | Json[], key: string, value: Json): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

const SEQUENCES: readonly (readonly [part: string, list: string])[] = [
  ['normalizer', 'normalizers'],
  ['pre_tokenizer', 'pretokenizers'],
  ['post_processor', 'processors'],
  ['decoder', 'decoders'],
];

type Mutation = (rng: Rng, root: JsonObject) => void;

const deepSequence: Mutation = (rng, root) => {
  const [part, list] = rng.pick(SEQUENCES);
  let value = root[part] ?? { type: 'Fuse' };
  const depth = rng.pick([2, 50, 10_000]);
  for (let i = 0; i < depth; i++) value = { type: 'Sequence', [list]: [value] };
  root[part] = value;
};

const wideSequence: Mutation = (rng, root) => {
  const [part, list] = rng.pick(SEQUENCES);
  root[part] = { type: 'Sequence', [list]: Array.from({ length: rng.pick([0, 10, 40]) }, () => root[part] ?? null) };
};

const hostilePattern: Mutation = (rng, root) => {
  const pattern = { Regex: rng.pick(HOSTILE_PATTERNS) };
  rng.weighted<() => void>([
    [
      3,
      () => {
        const behavior = rng.pick(['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous']);
        root.pre_tokenizer = { type: 'Split', pattern, behavior, invert: rng.chance(0.3) };
      },
    ],
    [2, () => put(root, 'normalizer', { type: 'Replace', pattern, content: rng.pick(['', 'a', 'aa']) })],
    [1, () => put(root, 'decoder', { type: 'Replace', pattern, content: 'b' })],
  ])();
};

/** Replacements that make the text longer each time. */
const growing: Mutation = (rng, root) => {
  const grow = { type: 'Replace', pattern: { String: 'a' }, content: 'aa'.repeat(rng.pick([1, 50])) };
  root.normalizer = { type: 'Sequence', normalizers: Array.from({ length: rng.pick([3, 10, 64]) }, () => grow) };
};

const oddModel: Mutation = (rng, root) => {
  const model = root.model as JsonObject | null;
  if (typeof model !== 'object' || model === null) return;
  rng.pick<() => void>([
    () =>
      put(model, 'merges', [
        ['a', 'b'],
        ['zz', 'yy'],
        ['a', 'b'],
      ]),
    () => put(model, 'merges', ['a b', 'b', ' ', 'a  b', 'a b c']),
    () => put(model, 'vocab', JSON.parse('{"__proto__":0,"constructor":1,"toString":2,"a":3}')),
    () => put(model, 'vocab', { a: 0, b: 0, c: 0 }),
    () => put(model, 'vocab', { a: rng.pick(NUMBERS), b: 1 }),
    () =>
      put(model, 'vocab', [
        ['a', rng.pick(NUMBERS)],
        ['b', null],
        ['a', -1],
      ] as Json),
    () =>
      put(model, 'vocab', [
        ['a', -1],
        ['b', -2],
        ['', -1],
      ]),
    () => put(model, 'unk_id', rng.pick(NUMBERS)),
    () => put(model, 'dropout', rng.pick([0, 0.5, 1, 2, -1])),
    () => put(model, 'type', rng.pick(['BPE', 'WordPiece', 'WordLevel', 'Unigram', 'Nonsense'])),
    () => put(model, 'max_input_chars_per_word', rng.pick(NUMBERS)),
  ])();
};

const oddAdded: Mutation = (rng, root) => {
  const id = rng.pick(NUMBERS);
  const token = (content: string): JsonObject => ({
    id,
    content,
    single_word: rng.chance(0.3),
    lstrip: rng.chance(0.3),
    rstrip: rng.chance(0.3),
    normalized: rng.chance(0.5),
    special: rng.chance(0.5),
  });
  const contents = [...STRINGS, 'a', 'aa', 'aaa'];
  root.added_tokens = rng.list(1, 40, () => token(rng.pick(contents)));
};

const oddPadding: Mutation = (rng, root) => {
  root.padding = {
    strategy: rng.pick<Json>(['BatchLongest', { Fixed: rng.pick(NUMBERS) }, { Fixed: null }, {}]),
    direction: rng.pick(['Left', 'Right', 'Up']),
    pad_to_multiple_of: rng.pick<Json>([null, ...NUMBERS]),
    pad_id: rng.pick(NUMBERS),
    pad_type_id: rng.pick(NUMBERS),
    pad_token: rng.pick(STRINGS),
  };
  root.truncation = {
    direction: 'Right',
    max_length: rng.pick(NUMBERS),
    strategy: rng.pick(['LongestFirst', 'OnlyFirst', 'OnlySecond', 'Nonsense']),
    stride: rng.pick(NUMBERS),
  };
};

const anywhere: Mutation = (rng, root) => {
  const found = places(root);
  if (found.length === 0) return;
  const { parent, key } = rng.pick(found);
  const other = rng.pick(found);
  rng.weighted<() => void>([
    [5, () => put(parent, key, anyValue(rng))],
    [3, () => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key])],
    [2, () => put(parent, key, structuredClone((other.parent as JsonObject)[other.key]))],
    [
      2,
      () =>
        Array.isArray(parent)
          ? parent.push((parent as Json[])[Number(key)])
          : put(parent, rng.pick(STRINGS), anyValue(rng)),
    ],
    [1, () => Array.isArray(parent) && parent.reverse()],
  ])();
};

const MUTATIONS: (readonly [number, Mutation])[] = [
  [8, anywhere],
  [1, deepSequence],
  [1, wideSequence],
  [3, hostilePattern],
  [1, growing],
  [3, oddModel],
  [2, oddAdded],
  [2, oddPadding],
];

function spoilt(rng: Rng, root: JsonObject): string {
  try {
    const copy = structuredClone(root);
    const count = rng.pick([1, 1, 2, 4]);
    for (let i = 0; i < count; i++) rng.weighted(MUTATIONS)(rng, copy);
    return JSON.stringify(copy);
  } catch {
    // Nested too deeply to be copied or written by the engine, which reads it all the same.
    return `{"model":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
  }
}

/** A tokenizer.json with one to four things wrong, perhaps. */
export function mutateJson(rng: Rng, root: JsonObject): string {
  const text = spoilt(rng, root);
  return rng.chance(0.2) ? mutateText(rng, text) : text;
}

const INSERTIONS = [
  '\u0000',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\n',
  '\r\n',
  ' ',
  '\ufeff',
  '\ufffd',
  '1e999',
  'null',
  '#version',
  '##',
  '=',
  '='.repeat(70),
];

/** The text with characters changed, lost, doubled or put in. */
export function mutateText(rng: Rng, text: string): string {
  let result = text;
  const count = rng.pick([1, 1, 3, 10]);
  for (let i = 0; i < count; i++) {
    const at = rng.int(0, result.length);
    const length = rng.pick([1, 1, 2, 20, 400]);
    result = rng.weighted<() => string>([
      [
        4,
        () =>
          result.slice(0, at) +
          String.fromCharCode(result.charCodeAt(at) ^ (1 << rng.int(0, 7))) +
          result.slice(at + 1),
      ],
      [3, () => result.slice(0, at) + result.slice(at + length)],
      [2, () => result.slice(0, at) + result.slice(at, at + length).repeat(rng.int(2, 5)) + result.slice(at + length)],
      [3, () => result.slice(0, at) + rng.pick(INSERTIONS) + result.slice(at)],
      [1, () => result.slice(0, at)],
    ])();
  }
  return result;
}
