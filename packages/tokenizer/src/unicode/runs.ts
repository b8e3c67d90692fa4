/**
 * Numbers as scripts/make-unicode-tables.py codes them: letters stand for 0 to 51, A to z; what stands before a letter counts
 * the times 52 to add, in decimal. (Denser than digits and spaces, and packers find more in it.)
 */
export function numbersOf(code: string): number[] {
  const numbers: number[] = [];
  let times = 0;
  for (let i = 0; i < code.length; i++) {
    const unit = code.charCodeAt(i);
    if (unit < 0x41) {
      times = times * 10 + unit - 0x30;
    } else {
      numbers.push(times * 52 + unit - (unit < 0x61 ? 0x41 : 0x61 - 26));
      times = 0;
    }
  }
  return numbers;
}

/** Columns of numbers, one behind the other. */
export function columnsOf(code: string): number[][] {
  return code.split(' ').map(numbersOf);
}

/** The number that a signed one was coded as: 0, -1, 1, -2, 2, … */
export function signed(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}

/**
 * A table of one byte for every code point, from runs: gap since the last run's end, length and value of each, column by
 * column. Memory of code points that have no run is never touched.
 */
export function tableOfRuns(runs: string): Uint8Array {
  const table = new Uint8Array(0x110000);
  const [gaps, lengths, values] = columnsOf(runs);
  let at = 0;
  for (let i = 0; i < gaps.length; i++) {
    const from = at + gaps[i];
    at = from + lengths[i];
    table.fill(values[i], from, at);
  }
  return table;
}

/** Spans from this length on are filled, which is fast where nothing is compiled yet. */
const LONG = 64;

/**
 * The same, of classes that may overlap: the bit of each, and its spans as gaps and lengths in turn. The characters of long
 * spans are of one class only.
 */
export function tableOfClasses(classes: readonly (readonly [bit: number, spans: string])[]): Uint8Array {
  const table = new Uint8Array(0x110000);
  for (const [bit, spans] of classes) {
    let at = 0;
    let inside = false;
    for (const length of numbersOf(spans)) {
      const end = at + length;
      if (inside && length >= LONG) table.fill(bit, at, end);
      else if (inside) for (let code = at; code < end; code++) table[code] |= bit;
      at = end;
      inside = !inside;
    }
  }
  return table;
}
