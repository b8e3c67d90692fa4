import { LOWER_RUNS } from './lower-runs.js';
import { columnsOf, signed } from './runs.js';

/** Lower case of every character by itself, as `char::to_lowercase` of the Rust that the library was built with has it. */
export interface LowerTable {
  /**
   * What to add to a code unit, modulo 2^16; 0 for surrogates, for what has no lower case, and for U+0130, which becomes two
   * characters.
   */
  readonly add: Uint16Array;
  /** Of characters beyond the basic plane, those that change. */
  readonly beyond: ReadonlyMap<number, number>;
}

let table: LowerTable | undefined;

function build(): LowerTable {
  const add = new Uint16Array(0x10000);
  const beyond = new Map<number, number>();
  const [gaps, counts, steps, differences] = columnsOf(LOWER_RUNS);
  let code = 0;
  for (let i = 0; i < gaps.length; i++) {
    code += signed(gaps[i]);
    const difference = signed(differences[i]);
    for (let left = counts[i]; left > 0; left--) {
      if (code > 0xffff) beyond.set(code, code + difference);
      else add[code] = difference;
      code += steps[i];
    }
  }
  return { add, beyond };
}

export function lowerTable(): LowerTable {
  table ??= build();
  return table;
}
