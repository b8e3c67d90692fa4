import { TokenizerError } from '../errors.js';
import { SPACE, WORD, wordClasses } from '../unicode/word-classes.js';
import type { AddedToken } from './added-token.js';
import { ReversedAutomaton } from './automaton.js';

interface TrieNode {
  readonly next: Map<number, TrieNode>;
  id: number;
}

/**
 * A stretch of text: an added token's, or (`id` -1) the text between. Stretches come in order and cover the text, but a
 * token may begin in white space that the one before it took.
 */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly id: number;
}

function codeBefore(text: string, i: number): number {
  const unit = text.charCodeAt(i - 1);
  if (unit >= 0xdc00 && unit <= 0xdfff && i >= 2) return text.codePointAt(i - 2)!;
  return unit;
}

function isWord(code: number): boolean {
  return (wordClasses()[code] & WORD) !== 0;
}

function isSpace(text: string, i: number): boolean {
  return (wordClasses()[text.charCodeAt(i)] & SPACE) !== 0;
}

const NONE: ReadonlySet<string> = /* @__PURE__ */ new Set<string>();

/** How many steps in the trie a unit of text may cost on average before the automaton takes over. */
const PATIENCE = 8;

/**
 * Finds added tokens: leftmost first, of those the longest. A trie is asked where a pattern may begin, which is fast as
 * long as few do; a text in which that costs too much is given to an automaton, so that time is linear in the text.
 */
export class AddedTokenMatcher {
  readonly #root: TrieNode = { next: new Map(), id: -1 };
  /** 1 for every code unit that begins a pattern. */
  readonly #begins = new Uint8Array(0x10000);
  readonly #tokens = new Map<number, AddedToken>();
  readonly #idOf = new Map<string, number>();
  #automaton: ReversedAutomaton | undefined;
  /** Contents of tokens that are plain text for now. */
  #plain: ReadonlySet<string> = NONE;

  /**
   * `pattern`: what to look for, which is the token's content or its normalized form. Of equal ones the last counts (in the
   * Rust library either may). Nothing is found of an empty one (there it divides texts at every byte, or panics).
   */
  add(pattern: string, id: number, token: AddedToken): void {
    this.#tokens.set(id, token);
    if (pattern.length === 0) return;
    this.#idOf.set(pattern, id);
    this.#begins[pattern.charCodeAt(0)] = 1;
    let node = this.#root;
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i);
      let next = node.next.get(unit);
      if (next === undefined) {
        next = { next: new Map(), id: -1 };
        node.next.set(unit, next);
      }
      node = next;
    }
    node.id = id;
  }

  get empty(): boolean {
    return this.#idOf.size === 0;
  }

  /** Runs `work`, during which the tokens with the contents `plain` are plain text. */
  withPlainSpecial<T>(plain: ReadonlySet<string>, work: () => T): T {
    this.#plain = plain;
    try {
      return work();
    } finally {
      this.#plain = NONE;
    }
  }

  /**
   * Stretches that cover `text` in order.
   * @throws TokenizerError `TOKENIZER_INPUT_INVALID` where a token that takes white space before it lies within what the
   * token before it took.
   */
  divide(text: string): Stretch[] {
    const stretches: Stretch[] = [];
    const spaces = new SpaceRun(text);
    let covered = 0;
    this.#forEachMatch(text, (start, stop, id) => {
      const token = this.#tokens.get(id)!;
      if (this.#plain.has(token.content)) return;
      if (token.singleWord && !standsAlone(text, start, stop)) return;
      let [from, to] = [start, stop];
      if (token.lstrip) {
        while (from > covered && isSpace(text, from - 1)) from--;
        from = Math.max(from, covered);
      }
      if (token.rstrip) to = spaces.end(stop);
      if (from > to) throw swallowed(token, start);
      if (from > covered) stretches.push({ from: covered, to: from, id: -1 });
      // Nothing may be left where the token before it took the same white space.
      if (from < to) stretches.push({ from, to, id });
      covered = to;
    });
    if (covered < text.length) stretches.push({ from: covered, to: text.length, id: -1 });
    return stretches;
  }

  #forEachMatch(text: string, visit: (from: number, to: number, id: number) => void): void {
    let steps = PATIENCE * 256;
    for (let i = 0; i < text.length; ) {
      if (this.#begins[text.charCodeAt(i)] === 0) {
        i++;
        continue;
      }
      let node: TrieNode | undefined = this.#root;
      let id = -1;
      let end = i;
      let at = i;
      while (at < text.length) {
        node = node.next.get(text.charCodeAt(at++));
        if (node === undefined) break;
        if (node.id < 0) continue;
        id = node.id;
        end = at;
      }
      steps += PATIENCE * Math.max(1, end - i) - (at - i);
      if (id >= 0) visit(i, end, id);
      i = Math.max(end, i + 1);
      if (steps < 0) {
        this.#forEachByAutomaton(text, i, visit);
        return;
      }
    }
  }

  /** The same from `start` on. */
  #forEachByAutomaton(text: string, start: number, visit: (from: number, to: number, id: number) => void): void {
    this.#automaton ??= new ReversedAutomaton(this.#idOf.keys());
    const lengths = this.#automaton.longestAt(text);
    for (let i = start; i < text.length; i += Math.max(1, lengths[i])) {
      if (lengths[i] > 0) visit(i, i + lengths[i], this.#idOf.get(text.slice(i, i + lengths[i]))!);
    }
  }
}

/** Finds ends of white space; asked from left to right, it looks at every unit once. */
class SpaceRun {
  readonly #text: string;
  #from = 0;
  #to = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first unit from `at` on that is no white space. */
  end(at: number): number {
    if (at < this.#from || at > this.#to) {
      this.#from = at;
      this.#to = at;
      while (this.#to < this.#text.length && isSpace(this.#text, this.#to)) this.#to++;
    }
    return this.#to;
  }
}

function standsAlone(text: string, from: number, to: number): boolean {
  if (from > 0 && isWord(codeBefore(text, from))) return false;
  return to === text.length || !isWord(text.codePointAt(to)!);
}

function swallowed(token: AddedToken, at: number): TokenizerError {
  const message = `The added token ${JSON.stringify(token.content)} at ${at} lies within white space that the token before it took; give one of them other strip properties.`;
  return new TokenizerError('TOKENIZER_INPUT_INVALID', message);
}
