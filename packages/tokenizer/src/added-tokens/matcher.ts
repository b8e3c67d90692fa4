import { CLASSES, SPACE, WORD } from '../unicode/classes.js';
import type { AddedToken } from './added-token.js';

interface TrieNode {
  readonly next: Map<number, TrieNode>;
  id: number;
}

/** A stretch of text: an added token's, or (`id` -1) the text between. */
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
  return (CLASSES[code] & WORD) !== 0;
}

function isSpace(text: string, i: number): boolean {
  return (CLASSES[text.charCodeAt(i)] & SPACE) !== 0;
}

/** Finds added tokens: leftmost first, of those the longest. */
export class AddedTokenMatcher {
  readonly #root: TrieNode = { next: new Map(), id: -1 };
  /** 1 for every code unit that begins a pattern. */
  readonly #begins = new Uint8Array(0x10000);
  readonly #tokens = new Map<number, AddedToken>();

  /** `pattern`: what to look for, which is the token's content or its normalized form. */
  add(pattern: string, id: number, token: AddedToken): void {
    if (pattern.length === 0) return;
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
    this.#tokens.set(id, token);
  }

  get empty(): boolean {
    return this.#tokens.size === 0;
  }

  /** Stretches that cover `text` in order. */
  divide(text: string): Stretch[] {
    const stretches: Stretch[] = [];
    let covered = 0;
    for (let i = 0; i < text.length; ) {
      const match = this.#begins[text.charCodeAt(i)] === 1 ? this.#longest(text, i) : undefined;
      if (match === undefined) {
        i++;
        continue;
      }
      const token = this.#tokens.get(match.id)!;
      // A match that is refused still uses up its text.
      i = match.to;
      if (token.singleWord && !standsAlone(text, match.from, match.to)) continue;
      let { from, to } = match;
      if (token.lstrip) while (from > covered && isSpace(text, from - 1)) from--;
      if (token.rstrip) while (to < text.length && isSpace(text, to)) to++;
      if (from > covered) stretches.push({ from: covered, to: from, id: -1 });
      stretches.push({ from, to, id: match.id });
      covered = to;
      i = Math.max(i, to);
    }
    if (covered < text.length) stretches.push({ from: covered, to: text.length, id: -1 });
    return stretches;
  }

  #longest(text: string, from: number): Stretch | undefined {
    let node: TrieNode | undefined = this.#root;
    let found: Stretch | undefined;
    for (let i = from; i < text.length; i++) {
      node = node.next.get(text.charCodeAt(i));
      if (node === undefined) break;
      if (node.id >= 0) found = { from, to: i + 1, id: node.id };
    }
    return found;
  }
}

function standsAlone(text: string, from: number, to: number): boolean {
  if (from > 0 && isWord(codeBefore(text, from))) return false;
  return to === text.length || !isWord(text.codePointAt(to)!);
}
