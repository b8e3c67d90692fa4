import { type CharSet, CODE_POINT_END, complement } from './char-set.js';
import { propertySet } from './properties.js';
import type { PatternReader } from './reader.js';

/** What a backslash and what follows it stand for, outside of classes and within alike. */
export type Escape = { kind: 'set'; set: CharSet } | { kind: 'codes'; codes: number[] };

const CONTROLS = new Map<string, number>([
  ['n', 0x0a],
  ['t', 0x09],
  ['r', 0x0d],
  ['f', 0x0c],
  ['a', 0x07],
  ['b', 0x08],
  ['e', 0x1b],
  ['v', 0x0b],
]);

const CLASSES = new Map([
  ['w', 'word'],
  ['s', 'space'],
  ['d', 'digit'],
  ['h', 'xdigit'],
]);

/** Reads what comes after a backslash, which has been taken; `inClass`: within `[…]`. */
export function readEscape(reader: PatternReader, inClass = false): Escape {
  const start = reader.at - 1;
  const letter = String.fromCodePoint(reader.next('a backslash with nothing behind it'));
  const shorthand = CLASSES.get(letter.toLowerCase());
  if (shorthand !== undefined) {
    const set = propertySet(shorthand, inClass)!;
    reader.spend(set.length);
    return { kind: 'set', set: letter === letter.toLowerCase() ? set : complement(set) };
  }
  switch (letter) {
    case 'p':
    case 'P':
      if (!reader.take('{')) return codes(letter.codePointAt(0)!);
      return { kind: 'set', set: readProperty(reader, letter === 'P', inClass) };
    case 'x':
      return readHex(reader, start);
    case 'o':
      return reader.sees('{') ? readBraced(reader, 8, start) : codes(0x6f);
    case 'u': {
      const digits = reader.digits(16, 4);
      if (digits.length < 4) throw reader.invalid('\\u without four hexadecimal digits', start);
      return codes(checked(reader, Number.parseInt(digits, 16), start));
    }
    case 'c':
    case 'C':
    case 'M':
      return codes(readControl(reader, letter, start));
    default:
      if (letter >= '0' && letter <= '7') return codes(readOctal(reader, start));
      return codes(CONTROLS.get(letter) ?? letter.codePointAt(0)!);
  }
}

function codes(...list: number[]): Escape {
  return { kind: 'codes', codes: list };
}

function checked(reader: PatternReader, code: number, start: number): number {
  if (code >= CODE_POINT_END || (code >= 0xd800 && code <= 0xdfff)) throw reader.invalid('no code point', start);
  return code;
}

/** Reads `Name}` or `^Name}`. */
function readProperty(reader: PatternReader, negative: boolean, inClass: boolean): CharSet {
  const start = reader.at - 3;
  const not = reader.take('^') !== negative;
  const from = reader.at;
  const end = reader.find('}');
  if (end < 0) throw reader.invalid('a property without its closing brace', start);
  reader.at = end;
  const name = reader.since(from);
  reader.at++;
  const set = propertySet(name, inClass);
  if (set === undefined) throw reader.unsupported(`the character property ${JSON.stringify(name.slice(0, 40))}`, start);
  reader.spend(set.length);
  return not ? complement(set) : set;
}

function readHex(reader: PatternReader, start: number): Escape {
  if (reader.sees('{')) return readBraced(reader, 16, start);
  const digits = reader.digits(16, 2);
  return codes(readBytes(reader, digits === '' ? 0 : Number.parseInt(digits, 16), start));
}

/** `\101`, whose backslash stands at `start`. */
export function readOctal(reader: PatternReader, start: number): number {
  reader.at = start + 1;
  const value = Number.parseInt(reader.digits(8, 3), 8);
  if (value > 0xff) throw reader.invalid('an octal escape beyond \\377', start);
  return readBytes(reader, value, start);
}

/** `\x41` is a byte: one from 80 on begins the UTF-8 form of a character, and the others of it must follow. */
function readBytes(reader: PatternReader, first: number, start: number): number {
  if (first < 0x80) return first;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const bytes = [first];
  while (bytes.length < length && reader.take('\\x')) {
    bytes.push(Number.parseInt(reader.digits(16, 2) || '0', 16));
  }
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  const code = text.codePointAt(0)!;
  const whole = bytes.length === length && text.length === (code > 0xffff ? 2 : 1) && code !== 0xfffd;
  if (!whole && !(bytes.length === 3 && bytes.join() === '239,191,189')) {
    throw reader.invalid('bytes that are no UTF-8', start);
  }
  return code;
}

/** `\x{41}`, `\x{41 42}`, `\o{101}`. Without a digit the brace is not read. */
function readBraced(reader: PatternReader, base: 8 | 16, start: number): Escape {
  const list: number[] = [];
  const brace = reader.at;
  reader.at++;
  for (;;) {
    while (list.length > 0 && (reader.take(' ') || reader.take('\n')));
    if (list.length > 0 && reader.take('}')) return { kind: 'codes', codes: list };
    const digits = reader.digits(base, base === 16 ? 8 : 11);
    if (digits === '') break;
    list.push(checked(reader, Number.parseInt(digits, base), start));
  }
  if (list.length > 0) throw reader.invalid('a code point without its closing brace', start);
  reader.at = brace;
  return codes(base === 16 ? 0x78 : 0x6f);
}

/** `\cA`, `\C-A`, `\M-A`: control and meta characters. */
function readControl(reader: PatternReader, letter: string, start: number): number {
  if (letter !== 'c' && !reader.take('-')) throw reader.invalid(`\\${letter} without a hyphen`, start);
  let code = reader.next(`\\${letter} with nothing behind it`);
  if (code === 0x5c) {
    const inner = readEscape(reader);
    if (inner.kind !== 'codes') throw reader.invalid(`\\${letter} before a class`, start);
    code = inner.codes[0];
  } else if (code === 0x3f && letter !== 'M') return 0x7f;
  return letter === 'M' ? (code & 0xff) | 0x80 : code & 0x9f;
}
