/** Symbols by text, numbered in the order of their arrival, with their lengths in characters. */
export class SymbolTable {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #lengths: number[] = [];

  get size(): number {
    return this.texts.length;
  }

  id(text: string): number | undefined {
    return this.#ids.get(text);
  }

  /** `length`: how many characters of a word it stands for. */
  add(text: string, length: number): number {
    const known = this.#ids.get(text);
    const id = known ?? this.texts.push(text) - 1;
    if (known === undefined) this.#ids.set(text, id);
    this.#lengths[id] = length;
    return id;
  }

  length(id: number): number {
    return this.#lengths[id];
  }
}

export interface AlphabetOptions {
  /** Most characters to keep, the most frequent ones. */
  limitAlphabet?: number;
  /** Characters to keep in any case. */
  initialAlphabet: readonly string[];
}

/**
 * The characters that become symbols, of those counted, by ascending code point. Of equally frequent ones the lower stays.
 */
export function alphabet(counted: ReadonlyMap<string, number>, options: AlphabetOptions): string[] {
  const counts = new Map(counted);
  for (const character of options.initialAlphabet) counts.set(character, Infinity);
  const byCode = ([a]: [string, number], [b]: [string, number]) => a.codePointAt(0)! - b.codePointAt(0)!;
  let kept = [...counts].sort(byCode);
  if (options.limitAlphabet !== undefined && kept.length > options.limitAlphabet) {
    const byCount = [...kept].sort(([, a], [, b]) => (a === b ? 0 : b - a));
    kept = byCount.slice(0, options.limitAlphabet).sort(byCode);
  }
  return kept.map(([character]) => character);
}
