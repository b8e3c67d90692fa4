import { LOWER_RUNS } from './lower-runs.js';

/** Lower case of every character by itself, as `char::to_lowercase` of the Rust that the library was built with has it. */
export interface LowerTable {
  /** By code unit; surrogates stay. U+0130, which becomes two characters, stands for itself. */
  readonly units: Uint16Array;
  /** Of characters beyond the basic plane, those that change. */
  readonly beyond: ReadonlyMap<number, number>;
}

let table: LowerTable | undefined;

function build(): LowerTable {
  const units = new Uint16Array(0x10000);
  for (let i = 0; i < units.length; i++) units[i] = i;
  const beyond = new Map<number, number>();
  const words = LOWER_RUNS.split(' ').map((word) => Number.parseInt(word, 36));
  let at = 0;
  for (let i = 0; i < words.length; i += 4) {
    const [gap, count, step, add] = words.slice(i, i + 4);
    at += gap;
    for (let k = 0; k < count; k++) {
      const code = at + k * step;
      if (code > 0xffff) beyond.set(code, code + add);
      else units[code] = code + add;
    }
    at += count * step;
  }
  return { units, beyond };
}

export function lowerTable(): LowerTable {
  table ??= build();
  return table;
}
