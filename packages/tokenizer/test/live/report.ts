/** A difference that was found, made small. */
export interface Finding {
  title: string;
  what: string;
  /** Arguments of the command that show it again. */
  arguments: readonly (string | number)[];
  /** The case, which `--case -` in the arguments reads. */
  given?: unknown;
}

/** Findings beyond these are counted, but not printed. */
const TOLD = 20;

/** Counts comparisons and differences of one kind, and prints findings as they come. */
export class Report {
  comparisons = 0;
  differences = 0;
  readonly #name: string;
  readonly #keepGoing: boolean;
  #told = 0;
  /** Why cases were left out, and how many. */
  readonly #left = new Map<string, number>();

  /** `keepGoing`: whether to look for more after a difference. */
  constructor(name: string, keepGoing: boolean) {
    this.#name = name;
    this.#keepGoing = keepGoing;
  }

  get finished(): boolean {
    return this.differences > 0 && !this.#keepGoing;
  }

  compared(count = 1): void {
    this.comparisons += count;
  }

  skipped(reason: string, count = 1): void {
    if (count > 0) this.#left.set(reason, (this.#left.get(reason) ?? 0) + count);
  }

  differs(): void {
    this.differences++;
  }

  tell({ title, what, arguments: given, given: input }: Finding): void {
    if (this.#told++ >= TOLD) return;
    const command = ['npm run compare --', this.#name, ...given.map((each) => quoted(String(each)))].join(' ');
    const standardInput = input === undefined ? '' : ` <<< ${quoted(JSON.stringify(input))}`;
    console.log(`\nDIFFERENCE ${title}\n  ${what}\n  reproduce: ${command}${standardInput}`);
  }

  /** The last lines. */
  summary(seconds: number): string {
    const left = [...this.#left]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `  left out ${count} × ${reason}`);
    const counts = `${this.comparisons} comparisons, ${this.differences} differences`;
    return [...left, `compare ${this.#name}: ${counts}, ${seconds.toFixed(0)} s`].join('\n');
  }
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
