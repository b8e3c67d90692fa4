import type { JsonObject } from '../json/fields.js';
import type { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import { Automaton } from './automaton.js';
import { compilePattern } from './compiler.js';
import { parsePattern } from './parser.js';
import { BackwardReader, BlockSearch, Search } from './search.js';
import { unsupportedPattern } from './syntax.js';

/** Texts up to this length are read in one go. */
const MAX_WHOLE = 1 << 22;

/**
 * A regular expression in Oniguruma's own syntax and with the results of its backtracking, in time and memory linear in the
 * text, whatever the pattern.
 */
export class RegexPattern {
  readonly source: string;
  readonly #automaton: Automaton;
  /** States by position, for texts of middling size. */
  readonly #ids = new Uint16Array(1 << 12);

  /**
   * `where`: path of the pattern, for errors.
   * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, `TOKENIZER_PATTERN_UNSUPPORTED`
   */
  constructor(source: string, where = 'pattern') {
    this.source = wellFormed(source);
    const about = { pattern: this.source, where };
    const program = compilePattern(parsePattern(about), about);
    try {
      this.#automaton = new Automaton(program);
    } catch (cause) {
      if (cause instanceof RangeError) throw unsupportedPattern(about, 0, 'a pattern with so many large classes');
      throw cause;
    }
  }

  /** See `Pattern.findAll`. */
  findAll(text: string, from: number, to: number, out: IntList): void {
    if (from >= to) return;
    const automaton = this.#automaton;
    if (to - from <= MAX_WHOLE) {
      const ids = to - from < this.#ids.length ? this.#ids : new Uint16Array(to - from + 1);
      if (this.#readWhole(text, from, to, ids)) {
        new Search(automaton, text, from, to, ids, from).run(to + 1, out);
        return;
      }
    }
    new BlockSearch(automaton, text, from, to).findAll(out);
  }

  /** Finds the states of all positions; false where they turn out to be too many. */
  #readWhole(text: string, from: number, to: number, ids: Uint16Array): boolean {
    const automaton = this.#automaton;
    automaton.makeRoom();
    const reader = new BackwardReader(automaton, text, from, to);
    let id = reader.atEnd();
    ids[to - from] = id;
    for (let end = to; end > from; ) {
      const { room } = automaton;
      if (room === 0) return false;
      [end, id] = reader.read(end, Math.max(from, end - room), id, ids, from);
    }
    return true;
  }

  /** How many steps have been taken so far, whatever their kind: what bounds the time of a search. */
  get steps(): number {
    return this.#automaton.steps;
  }

  toJSON(): JsonObject {
    return { Regex: this.source };
  }
}
