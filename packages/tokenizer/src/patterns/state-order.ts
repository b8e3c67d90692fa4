import { CHAR, CONDITION, ENTER, LOOK, NOT_LOOK, SPLIT } from './program.js';

/** States as they were made. */
interface States {
  readonly operations: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
  readonly levels: readonly number[];
}

/** What states of one run have in common: what they do, at which level, and the set that they take or what they ask for. */
function kindOf({ operations, a, levels }: States, state: number): number {
  const operation = operations[state];
  return ((operation === CHAR || operation === CONDITION ? a[state] : 0) * 256 + levels[state]) * 8 + operation;
}

/** The states that `state` goes to without taking anything. */
function goesTo({ operations, a, b }: States, state: number): number[] {
  switch (operations[state]) {
    case SPLIT:
    case LOOK:
    case NOT_LOOK:
      return a[state] === b[state] ? [a[state]] : [a[state], b[state]];
    case ENTER:
      return [a[state]];
    case CONDITION:
      return [b[state]];
    default:
      return [];
  }
}

/** The states that can be reached from `roots`. */
function reached(states: States, roots: readonly number[]): number[] {
  const seen = new Set<number>(roots);
  // A set goes on to give what is added to it meanwhile.
  for (const state of seen) {
    if (states.operations[state] === CHAR) seen.add(states.b[state]);
    for (const next of goesTo(states, state)) seen.add(next);
  }
  return [...seen];
}

/**
 * The states that can be reached from `roots`, each after those it goes to without taking anything, and states of one kind
 * next to each other as far as that allows. `runs`: where each run of such states begins, and where the last one ends.
 */
export function orderStates(states: States, roots: readonly number[]): { order: number[]; runs: number[] } {
  const comesBefore = new Map<number, number[]>();
  const missing = new Map<number, number>();
  const ready = new Map<number, number[]>();
  const add = (state: number) => {
    const kind = kindOf(states, state);
    const list = ready.get(kind);
    if (list === undefined) ready.set(kind, [state]);
    else list.push(state);
  };
  for (const state of reached(states, roots)) {
    const needs = goesTo(states, state);
    missing.set(state, needs.length);
    for (const need of needs) comesBefore.set(need, [...(comesBefore.get(need) ?? []), state]);
    if (needs.length === 0) add(state);
  }
  const order: number[] = [];
  const runs = [0];
  for (;;) {
    let longest: number[] = [];
    for (const list of ready.values()) if (list.length > longest.length) longest = list;
    if (longest.length === 0) return { order, runs };
    for (let state = longest.pop(); state !== undefined; state = longest.pop()) {
      order.push(state);
      for (const later of comesBefore.get(state) ?? []) {
        const left = missing.get(later)! - 1;
        missing.set(later, left);
        if (left === 0) add(later);
      }
    }
    runs.push(order.length);
  }
}
