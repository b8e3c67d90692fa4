import { malformed } from './fields.js';

/** As deep as the Rust library's JSON reader goes. */
const DEEPEST = 127;

/**
 * Refuses components that lie too deep in one another (or, in an object that is no JSON, in themselves): readers go down
 * into them by recursion.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`
 */
export function checkDepth(json: unknown, where: string): void {
  const seen = new Map<object, number>();
  const open: [unknown, number][] = [[json, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null || (seen.get(value) ?? 0) >= depth) continue;
    if (depth > DEEPEST) throw malformed(where, `components are nested more than ${DEEPEST} deep`);
    seen.set(value, depth);
    for (const inner of Object.values(value)) open.push([inner, depth + 1]);
  }
}
