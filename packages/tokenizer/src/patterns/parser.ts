import { closeOverCase, sequencesOf } from './case-folding.js';
import { ALL_CHARS, type CharSet, complement, rangeSet } from './char-set.js';
import { readClass } from './class-parser.js';
import { readEscape, readOctal } from './escapes.js';
import { type Quantifier, quantify } from './quantifiers.js';
import { PatternReader } from './reader.js';
import { type Anchor, EMPTY, type Node, type Source } from './syntax.js';

/** How deep groups may nest. */
const MAX_DEPTH = 500;

/** What it costs to look for all cases of a class. */
const FOLD_WORK = 10_000;

/** How many quantifiers may follow one another. */
const MAX_QUANTIFIERS = 50;

/** The largest number in a counted repetition. */
const MAX_COUNT = 100_000;

interface Options {
  ignoreCase: boolean;
  /** Whether the dot matches a line feed. */
  dotAll: boolean;
  /** Whether white space and comments are skipped. */
  extended: boolean;
}

const NEWLINE: CharSet = rangeSet(0x0a, 0x0a);
const NOT_NEWLINE = /* @__PURE__ */ complement(NEWLINE);

const ANCHORS = new Map<string, Anchor>([
  ['A', 'start'],
  ['z', 'end'],
  ['Z', 'lastLineEnd'],
  ['b', 'word'],
  ['B', 'notWord'],
  ['G', 'searchStart'],
]);

/** Escapes that would need more than a finite automaton, or tables that nobody has asked for. */
const REFUSED = new Map([
  ['K', '\\K, which moves the start of a match'],
  ['k', 'a reference back to a group'],
  ['g', 'a call of a group'],
  ['X', '\\X, a text segment'],
  ['y', '\\y, a text segment boundary'],
  ['Y', '\\Y, a text segment boundary'],
]);

function group(body: Node): Node {
  return { kind: 'group', body };
}

class Parser {
  readonly #reader: PatternReader;
  #options: Options = { ignoreCase: false, dotAll: false, extended: false };
  #depth = 0;

  constructor(source: Source) {
    this.#reader = new PatternReader(source);
  }

  parse(): Node {
    const node = this.#choice();
    if (!this.#reader.done) throw this.#reader.invalid('a closing parenthesis without an opening one');
    return node;
  }

  /** Alternatives up to a closing parenthesis or the end, which is not taken. */
  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) throw this.#reader.unsupported(`groups nested more than ${MAX_DEPTH} deep`);
    const items = [this.#branch()];
    while (this.#reader.take('|')) items.push(this.#branch());
    this.#depth--;
    return items.length === 1 ? items[0] : { kind: 'choice', items };
  }

  #branch(): Node {
    const items: Node[] = [];
    for (;;) {
      this.#skip();
      if (this.#reader.done || this.#reader.sees('|') || this.#reader.sees(')')) break;
      const node = this.#quantified();
      if (node.kind !== 'sequence') items.push(node);
      else for (const item of node.items) items.push(item);
    }
    return items.length === 0 ? EMPTY : items.length === 1 ? items[0] : { kind: 'sequence', items };
  }

  #quantified(): Node {
    const reader = this.#reader;
    const start = reader.at;
    if (reader.sees('*') || reader.sees('+') || reader.sees('?') || this.#interval() !== undefined) {
      throw reader.invalid('a quantifier with nothing before it', start);
    }
    let node = this.#atom();
    for (let count = 0; ; count++) {
      if (count > MAX_QUANTIFIERS) throw reader.unsupported(`more than ${MAX_QUANTIFIERS} quantifiers on end`, start);
      this.#skip();
      const at = reader.at;
      const quantifier = this.#quantifier();
      if (quantifier === undefined) return node;
      // Of several code points written as one only the last is repeated.
      if (node.kind === 'sequence' && start === this.#codesAt) {
        const last = quantify(node.items[node.items.length - 1], quantifier, reader, at);
        node = { kind: 'sequence', items: [...node.items.slice(0, -1), last] };
        this.#codesAt = -1;
      } else {
        node = quantify(node, quantifier, reader, at);
      }
    }
  }

  /** Groups that capture, so far. */
  #groups = 0;

  /** Where the last escape with several code points began. */
  #codesAt = -1;

  #quantifier(): Quantifier | undefined {
    const reader = this.#reader;
    if (reader.sees('{')) {
      const found = this.#interval();
      if (found === undefined) return undefined;
      reader.at = found.end;
      const { min, max } = found;
      if (min > max) return { min: max, max: min, greedy: true, possessive: true };
      return { min, max, greedy: found.exact || !reader.take('?'), possessive: false };
    }
    const star = reader.take('*');
    const plus = !star && reader.take('+');
    if (!star && !plus && !reader.take('?')) return undefined;
    const greedy = !reader.take('?');
    const possessive = greedy && reader.take('+');
    return { min: plus ? 1 : 0, max: star || plus ? Number.POSITIVE_INFINITY : 1, greedy, possessive };
  }

  /** `{n}`, `{n,}`, `{,m}` or `{n,m}` that comes next, which is not taken; `undefined` where the brace is a character. */
  #interval(): { min: number; max: number; exact: boolean; end: number } | undefined {
    const reader = this.#reader;
    const start = reader.at;
    if (!reader.take('{')) return undefined;
    const low = this.#count();
    const comma = reader.take(',');
    const high = comma ? this.#count() : low;
    const closed = reader.take('}');
    const end = reader.at;
    reader.at = start;
    if (!closed || (low === undefined && high === undefined)) return undefined;
    const max = high ?? Number.POSITIVE_INFINITY;
    return { min: low ?? 0, max, exact: !comma, end };
  }

  #count(): number | undefined {
    const digits = this.#reader.digits(10, Number.POSITIVE_INFINITY);
    if (digits === '') return undefined;
    const count = Number(digits);
    if (count > MAX_COUNT) throw this.#reader.invalid(`a repetition of more than ${MAX_COUNT}`);
    return count;
  }

  #atom(): Node {
    const reader = this.#reader;
    const at = reader.at;
    const code = reader.next('');
    switch (code) {
      case 0x28: // (
        return this.#parenthesis(at);
      case 0x5b: // [
        return this.#class();
      case 0x2e: // .
        return { kind: 'set', set: this.#options.dotAll ? ALL_CHARS : NOT_NEWLINE };
      case 0x5e: // ^
        return { kind: 'anchor', anchor: 'lineStart' };
      case 0x24: // $
        return { kind: 'anchor', anchor: 'lineEnd' };
      case 0x5c: // \
        return this.#escape(at);
      default:
        return this.#character(code);
    }
  }

  #character(code: number): Node {
    if (this.#options.ignoreCase) return { kind: 'caseless', code };
    return { kind: 'set', set: rangeSet(code, code) };
  }

  #class(): Node {
    const { negative, set } = readClass(this.#reader);
    if (!this.#options.ignoreCase) return { kind: 'set', set: negative ? complement(set) : set };
    // Every pair of letters is looked up in the set.
    this.#reader.spend(set.length + FOLD_WORK);
    const closed = closeOverCase(set);
    if (negative) return { kind: 'set', set: complement(closed) };
    const sequences = sequencesOf(closed).map((sets): Node => {
      return { kind: 'sequence', items: sets.map((each) => ({ kind: 'set', set: each })) };
    });
    if (sequences.length === 0) return { kind: 'set', set: closed };
    return { kind: 'choice', items: [{ kind: 'set', set: closed }, ...sequences] };
  }

  #escape(at: number): Node {
    const reader = this.#reader;
    const letter = reader.peek() < 0 ? '' : String.fromCodePoint(reader.peek());
    if (letter >= '1' && letter <= '9') return this.#numbered(at);
    const refused = REFUSED.get(letter);
    if (refused !== undefined && !this.#standsForItself(letter)) throw reader.unsupported(refused, at);
    const special = this.#special(letter);
    if (special !== undefined) {
      reader.at++;
      return special;
    }
    const read = readEscape(reader);
    if (read.kind === 'set') return { kind: 'set', set: read.set };
    if (read.codes.length === 1) return this.#character(read.codes[0]);
    this.#codesAt = at;
    return { kind: 'sequence', items: read.codes.map((code) => this.#character(code)) };
  }

  /** `\1`: a reference back; `\101`, where there are not so many groups: an octal escape. */
  #numbered(at: number): Node {
    const reader = this.#reader;
    const number = Number(reader.digits(10, Number.POSITIVE_INFINITY));
    if (number <= 9 || number <= this.#groups) throw reader.unsupported('a reference back to a group', at);
    reader.at = at + 1;
    return this.#character(reader.sees('8') || reader.sees('9') ? reader.next('') : readOctal(reader, at));
  }

  /** `\k` and `\g` without a name are letters. */
  #standsForItself(letter: string): boolean {
    if (letter === 'k' || letter === 'g') return !this.#reader.sees(`${letter}<`) && !this.#reader.sees(`${letter}'`);
    return false;
  }

  #special(letter: string): Node | undefined {
    const anchor = ANCHORS.get(letter);
    if (anchor !== undefined) return { kind: 'anchor', anchor };
    switch (letter) {
      case 'N':
        return { kind: 'set', set: NOT_NEWLINE };
      case 'O':
        return { kind: 'set', set: ALL_CHARS };
      case 'R':
        return { kind: 'atomic', body: lineBreak() };
      default:
        return undefined;
    }
  }

  #parenthesis(at: number): Node {
    const reader = this.#reader;
    if (reader.sees('*')) throw reader.unsupported('a callout', at);
    if (!reader.take('?')) return this.#capture(at);
    if (reader.take(':')) return this.#body(at);
    if (reader.take('>')) return { kind: 'atomic', body: this.#body(at) };
    if (reader.take('=')) return { kind: 'look', behind: false, negative: false, body: this.#body(at) };
    if (reader.take('!')) return { kind: 'look', behind: false, negative: true, body: this.#body(at) };
    if (reader.take('<=')) return { kind: 'look', behind: true, negative: false, body: this.#body(at) };
    if (reader.take('<!')) return { kind: 'look', behind: true, negative: true, body: this.#body(at) };
    if (reader.take('<')) return this.#named('>', at);
    if (reader.take("'")) return this.#named("'", at);
    if (reader.sees('(')) throw reader.unsupported('a condition', at);
    if (reader.sees('{')) throw reader.unsupported('a callout', at);
    if (reader.sees('~')) throw reader.unsupported('an absent operator', at);
    return this.#withOptions(at);
  }

  /** What a group holds, and its closing parenthesis. */
  #body(at: number): Node {
    const body = this.#choice();
    if (!this.#reader.take(')')) throw this.#reader.invalid('a group without its closing parenthesis', at);
    return body;
  }

  #capture(at: number): Node {
    this.#groups++;
    return group(this.#body(at));
  }

  #named(close: string, at: number): Node {
    const reader = this.#reader;
    const end = reader.find(close);
    if (end <= reader.at) throw reader.invalid('a group without its name', at);
    reader.at = end + 1;
    return this.#capture(at);
  }

  /** `(?i)`, which holds up to the end of the group around it, alternatives included, or `(?i-m:…)`. */
  #withOptions(at: number): Node {
    const reader = this.#reader;
    const options = { ...this.#options };
    let on = true;
    for (;;) {
      const letter = String.fromCodePoint(reader.next('a group without its closing parenthesis'));
      if (letter === '-') on = false;
      else if (letter === 'i') options.ignoreCase = on;
      else if (letter === 'm') options.dotAll = on;
      else if (letter === 'x') options.extended = on;
      else if (letter === ')' || letter === ':') {
        return group(this.#under(options, letter === ':', at));
      } else if ('WDSPyCIL'.includes(letter) && !reader.sees('<'))
        throw reader.unsupported(`the option (?${letter})`, at);
      else throw reader.invalid(`the unknown group (?${letter}`, at);
    }
  }

  /** What stands under the options: up to a closing parenthesis, which is taken where `closed`. */
  #under(options: Options, closed: boolean, at: number): Node {
    const outer = this.#options;
    this.#options = options;
    const body = closed ? this.#body(at) : this.#choice();
    this.#options = outer;
    return body;
  }

  /** Skips comments and, under `(?x)`, white space. */
  #skip(): void {
    const reader = this.#reader;
    for (;;) {
      if (reader.sees('(?#')) this.#comment();
      else if (this.#options.extended && ' \t\n\r\f'.includes(String.fromCodePoint(Math.max(0, reader.peek()))))
        reader.at++;
      else if (this.#options.extended && reader.sees('#')) {
        const end = reader.find('\n');
        reader.at = end < 0 ? reader.source.pattern.length : end + 1;
      } else return;
    }
  }

  #comment(): void {
    const at = this.#reader.at;
    this.#reader.at += 3;
    for (;;) {
      const code = this.#reader.next('a comment without its closing parenthesis');
      if (code === 0x5c && !this.#reader.done) this.#reader.next('');
      if (code === 0x29) return;
      if (this.#reader.done) throw this.#reader.invalid('a comment without its closing parenthesis', at);
    }
  }
}

/** `\R`: a carriage return with a line feed, or one of the characters that end a line. */
function lineBreak(): Node {
  const set = (from: number, to: number): Node => ({ kind: 'set', set: rangeSet(from, to) });
  const pair: Node = { kind: 'sequence', items: [set(0x0d, 0x0d), set(0x0a, 0x0a)] };
  return { kind: 'choice', items: [pair, set(0x0a, 0x0d), set(0x85, 0x85), set(0x2028, 0x2029)] };
}

/**
 * Reads a regular expression as Oniguruma does with its own syntax (Ruby's, more or less).
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, `TOKENIZER_PATTERN_UNSUPPORTED`
 */
export function parsePattern(source: Source): Node {
  return new Parser(source).parse();
}
