/** More beginnings than this cost more to look for than they save. */
const MOST = 6;

/** Tells quickly, for most texts, that none of some patterns occurs: by the characters the patterns begin with. */
export class FirstUnits {
  readonly #units: string[];
  readonly #unsure: boolean;

  constructor(patterns: Iterable<string>) {
    const units = new Set<string>();
    for (const pattern of patterns) if (pattern !== '') units.add(pattern[0]);
    this.#units = [...units];
    // A text's lone surrogates count as U+FFFD.
    this.#unsure = units.size > MOST || units.has('\ufffd');
  }

  get empty(): boolean {
    return this.#units.length === 0;
  }

  /** False where no pattern occurs in `text`; true means nothing. */
  mayOccur(text: string): boolean {
    if (this.#unsure) return true;
    for (const unit of this.#units) if (text.includes(unit)) return true;
    return false;
  }
}
