/**
 * @typedef {Map<string, Set<string>>} FileGraph for each file the files that it imports
 */

/**
 * Every file that `start` imports, directly or through others, and `start` itself.
 *
 * @param {FileGraph} graph
 * @param {string} start
 */
export function reachable(graph, start) {
  const seen = new Set([start]);
  // A Set's iteration visits what is added while it runs.
  for (const file of seen) for (const next of graph.get(file) ?? []) seen.add(next);
  return seen;
}

/**
 * One shortest cycle through each file that lies on one, without saying the same cycle twice.
 *
 * @param {FileGraph} graph
 * @returns {string[][]}
 */
export function findCycles(graph) {
  const cycles = [];
  const told = new Set();
  for (const file of graph.keys()) {
    if (told.has(file)) continue;
    const cycle = shortestCycle(graph, file);
    if (cycle === null) continue;
    cycles.push(cycle);
    for (const member of cycle) told.add(member);
  }
  return cycles;
}

/** Breadth first from `start` back to it. */
function shortestCycle(graph, start) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const cycle = [file];
        while (cycle[0] !== start) cycle.unshift(cameFrom.get(cycle[0]));
        return cycle;
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, file);
        queue.push(next);
      }
    }
  }
  return null;
}
