import { type CharSet, complement, intersection, rangeSet, unionOf } from './char-set.js';
import { readEscape } from './escapes.js';
import { propertySet } from './properties.js';
import type { PatternReader } from './reader.js';

const POSIX = 'alnum alpha blank cntrl digit graph lower print punct space upper xdigit ascii word'.split(' ');

/** What a class says before any case folding: `negative` applies last. */
export interface CharClass {
  negative: boolean;
  set: CharSet;
}

type Item = { kind: 'codes'; codes: number[] } | { kind: 'set'; set: CharSet };

/** Where a hyphen makes a range, and where it is a hyphen. */
type State = 'start' | 'value' | 'set' | 'range' | 'complete';

/** One `[…]`, whose opening bracket has been taken. Ruby's rules: `[a-w&&[^c-g]z]`, `[[:alpha:]_]`. */
class ClassParser {
  readonly #reader: PatternReader;
  readonly #depth: number;
  readonly #start: number;
  #parts: CharSet[] = [];
  #intersected: CharSet | undefined;
  #state: State = 'start';
  /** The last code point, which may begin a range. */
  #last = 0;

  constructor(reader: PatternReader, depth: number) {
    this.#reader = reader;
    this.#depth = depth;
    this.#start = reader.at - 1;
  }

  parse(): CharClass {
    const reader = this.#reader;
    if (this.#depth > 100) throw reader.unsupported('classes nested more than 100 deep', this.#start);
    const negative = reader.take('^');
    if (reader.sees(']')) {
      reader.at++;
      if (!reader.seesLater(']')) throw reader.invalid('an empty class', this.#start);
      this.#code(0x5d);
    }
    while (!reader.take(']')) this.#step();
    this.#endPart();
    return { negative, set: this.#intersected! };
  }

  #step(): void {
    const reader = this.#reader;
    const at = reader.at;
    if (reader.take('&&')) {
      this.#endPart();
      this.#state = 'start';
    } else if (reader.take('[')) {
      this.#bracket();
    } else if (reader.take('-')) {
      this.#hyphen(at);
    } else {
      const item = this.#item();
      if (item.kind === 'set') this.#set(item.set, at);
      else for (const code of item.codes) this.#code(code);
    }
  }

  #item(): Item {
    const code = this.#reader.next('a class without its closing bracket');
    return code === 0x5c ? readEscape(this.#reader, true) : { kind: 'codes', codes: [code] };
  }

  #bracket(): void {
    const at = this.#reader.at - 1;
    const posix = this.#posix();
    if (posix !== undefined) {
      this.#set(posix, at);
      return;
    }
    const inner = new ClassParser(this.#reader, this.#depth + 1).parse();
    // A range that was begun is forgotten here, hyphen and all.
    if (this.#state === 'range') this.#parts.pop();
    this.#reader.spend(inner.set.length);
    this.#parts.push(inner.negative ? complement(inner.set) : inner.set);
    this.#state = 'complete';
  }

  /** `[:alpha:]`, whose bracket has been taken; nothing is read where it is none. */
  #posix(): CharSet | undefined {
    const reader = this.#reader;
    const start = reader.at;
    if (!reader.take(':')) return undefined;
    const negative = reader.take('^');
    const from = reader.at;
    while (isLetter(reader.peek())) reader.next('');
    const name = reader.since(from);
    if (name === '' || !reader.take(':]')) {
      reader.at = start;
      return undefined;
    }
    if (!POSIX.includes(name)) throw reader.invalid(`the unknown class [:${name}:]`, start);
    const set = propertySet(name === 'punct' ? 'posixpunct' : name, true)!;
    return negative ? complement(set) : set;
  }

  #hyphen(at: number): void {
    const reader = this.#reader;
    const last = reader.sees(']') || reader.sees('&&');
    if (this.#state === 'value' && !last) {
      this.#state = 'range';
    } else if (this.#state === 'set' && !last) {
      throw reader.invalid('a range that begins with a class', at);
    } else {
      // Every other hyphen stands for itself; behind a range it begins none.
      this.#code(0x2d);
    }
  }

  #set(set: CharSet, at: number): void {
    if (this.#state === 'range') throw this.#reader.invalid('a range that ends with a class', at);
    this.#parts.push(set);
    this.#state = 'set';
  }

  #code(code: number): void {
    if (this.#state === 'range') {
      if (code < this.#last) throw this.#reader.invalid('a range whose end comes before its start');
      this.#parts.push(rangeSet(this.#last, code));
      this.#state = 'complete';
      return;
    }
    this.#parts.push(rangeSet(code, code));
    this.#last = code;
    this.#state = 'value';
  }

  #endPart(): void {
    let size = 0;
    for (const part of this.#parts) size += part.length;
    this.#reader.spend((size + (this.#intersected?.length ?? 0)) * Math.ceil(Math.log2(this.#parts.length + 1)));
    const part = unionOf(this.#parts);
    this.#intersected = this.#intersected === undefined ? part : intersection(this.#intersected, part);
    this.#parts = [];
  }
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Reads a class whose opening bracket has been taken. */
export function readClass(reader: PatternReader): CharClass {
  return new ClassParser(reader, 0).parse();
}
