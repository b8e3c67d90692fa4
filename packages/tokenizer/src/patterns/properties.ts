import { ALL_CHARS, type CharSet, CODE_POINT_END, complement, difference, NO_CHARS, unionOf } from './char-set.js';
import { BINARY_PROPERTIES } from './unicode/binary.js';
import { CATEGORY_NAMES, CATEGORY_RUNS } from './unicode/categories.js';
import { SCRIPT_NAMES, SCRIPT_RUNS } from './unicode/scripts.js';

/** The symbols that stand for the categories in the tables, in order. */
const CATEGORY_SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%';

/** Categories by their first letter, and under these names too. */
const GROUPS =
  'c:other l:letter m:mark:combiningmark n:number p:punct:punctuation s:symbol z:separator lc:casedletter:lu:ll:lt';

/** The classes of a partition, from runs of `width` symbols and a length in base 36. */
function readRuns(runs: string, width: number, classOf: (symbol: string) => number): CharSet[] {
  const sets: number[][] = [];
  let at = 0;
  for (let i = 0; i < runs.length; ) {
    const kind = classOf(runs.slice(i, i + width));
    i += width;
    let end = i;
    while (end < runs.length && /* a digit of base 36 */ isDigit(runs.charCodeAt(end))) end++;
    const length = end > i ? Number.parseInt(runs.slice(i, end), 36) : 1;
    sets[kind] ??= [];
    sets[kind].push(at, at + length);
    at += length;
    i = end;
  }
  return sets;
}

function isDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
}

function names(list: string): Map<string, number> {
  const map = new Map<string, number>();
  list.split(' ').forEach((entry, i) => {
    for (const name of entry.split(':')) map.set(name, i);
  });
  return map;
}

/** Sets that have been asked for; the tables are read when first needed. */
class Properties {
  #categories: CharSet[] | undefined;
  #scripts: CharSet[] | undefined;
  #binary: Map<string, string> | undefined;
  readonly #found = new Map<string, CharSet | undefined>();

  find(name: string): CharSet | undefined {
    if (!this.#found.has(name)) this.#found.set(name, this.#look(name));
    return this.#found.get(name);
  }

  #look(name: string): CharSet | undefined {
    if (name === 'any') return ALL_CHARS;
    if (name === 'cs' || name === 'surrogate') return NO_CHARS;
    if (name === 'assigned') return complement(this.#category('cn')!);
    return this.#category(name) ?? this.#group(name) ?? this.#script(name) ?? this.#binaryProperty(name);
  }

  #allCategories(): CharSet[] {
    this.#categories ??= readRuns(CATEGORY_RUNS, 1, (symbol) => CATEGORY_SYMBOLS.indexOf(symbol));
    return this.#categories;
  }

  #category(name: string): CharSet | undefined {
    const found = names(CATEGORY_NAMES).get(name);
    return found === undefined ? undefined : this.#allCategories()[found];
  }

  #group(name: string): CharSet | undefined {
    const group = GROUPS.split(' ').find(
      (entry) => entry.split(':').slice(0, 3).includes(name) && !entry.includes(`:${name}:l`),
    );
    if (group === undefined) return undefined;
    const parts = group.startsWith('lc')
      ? ['lu', 'll', 'lt']
      : [...names(CATEGORY_NAMES).keys()].filter((n) => n.length === 2 && n[0] === group[0]);
    return unionOf(parts.map((part) => this.#category(part)!));
  }

  #script(name: string): CharSet | undefined {
    const found = names(SCRIPT_NAMES).get(name);
    if (found === undefined) return undefined;
    this.#scripts ??= readRuns(SCRIPT_RUNS, 2, (s) => (s.charCodeAt(0) - 65) * 26 + s.charCodeAt(1) - 65);
    return this.#scripts[found];
  }

  #binaryProperty(name: string): CharSet | undefined {
    if (this.#binary === undefined) {
      this.#binary = new Map();
      for (const line of BINARY_PROPERTIES.trim().split('\n')) {
        for (const alias of line.slice(0, line.indexOf('|')).split(' ')) this.#binary.set(alias, line);
      }
    }
    const line = this.#binary.get(name);
    if (line === undefined) return undefined;
    const [, categories, gaps] = line.split('|');
    const base = unionOf([...categories].map((symbol) => this.#allCategories()[CATEGORY_SYMBOLS.indexOf(symbol)]));
    return difference(base, fromGaps(gaps));
  }
}

function fromGaps(gaps: string): CharSet {
  const set: number[] = [];
  let at = 0;
  for (const gap of gaps === '' ? [] : gaps.split(' ')) {
    at += Number.parseInt(gap, 36);
    set.push(at);
  }
  if (set.length % 2 === 1) set.push(CODE_POINT_END);
  return set;
}

const properties = /* @__PURE__ */ new Properties();

/** What `\w` matches on its own, but not in a class: the superscripts and fractions of Latin 1. */
const WORDS_ALONE: CharSet = [0xb2, 0xb4, 0xb9, 0xba, 0xbc, 0xbf];

/**
 * The code points with a property, as in `\p{Lu}`, `\p{Han}`, `\p{Alphabetic}`; `undefined` where the name is unknown here.
 * Names go without regard to case, spaces, hyphens and underscores. `inClass`: as part of `[…]`, where Oniguruma looks words
 * up in another table.
 */
export function propertySet(name: string, inClass = false): CharSet | undefined {
  const key = name.replaceAll(/[ _-]/g, '').toLowerCase();
  const set = properties.find(key);
  return inClass && key === 'word' ? difference(set!, WORDS_ALONE) : set;
}
