/** A difference that was found, made small. */
export interface Finding {
  title: string;
  what: string;
  reproduction: string;
}

/** Counts comparisons and differences, and prints findings as they come. */
export class Report {
  comparisons = 0;
  differences = 0;
  /** Why cases were left out, and how many. */
  readonly left = new Map<string, number>();

  compared(count = 1): void {
    this.comparisons += count;
  }

  skipped(reason: string): void {
    this.left.set(reason, (this.left.get(reason) ?? 0) + 1);
  }

  differs(): void {
    this.differences++;
  }

  tell({ title, what, reproduction }: Finding): void {
    console.log(`\nDIFFERENCE ${title}\n  ${what}\n  reproduce: ${reproduction}`);
  }

  /** The last lines. */
  summary(name: string): string {
    const left = [...this.left]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `  left out ${count} × ${reason}`);
    return [...left, `${name}: ${this.comparisons} comparisons, ${this.differences} differences`].join('\n');
  }
}
