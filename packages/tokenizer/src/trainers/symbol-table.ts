/** Symbols by text, numbered in the order of their arrival. */
export class SymbolTable {
  readonly texts: string[] = [];
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.texts.length;
  }

  /** The symbol's id, a new one if it is new. */
  add(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.texts.push(text) - 1;
    this.#ids.set(text, id);
    return id;
  }
}
