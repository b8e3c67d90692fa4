import { suiteNames } from './names.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} about one sentence for the page
 * @property {(options: { threads: number, threadCounts: number[], rounds: number, quick: boolean }) => import('../measure.mjs').Case[]} cases
 * @property {(rows: import('../rows.mjs').Row[]) => import('../rows.mjs').Row[] | Promise<import('../rows.mjs').Row[]>} [summarise] rows about rows, and what is not timed
 */

/** Loads all suites. @returns {Promise<Suite[]>} */
export async function loadSuites() {
  return Promise.all(suiteNames.map(async (name) => (await import(`./${name}.mjs`))[name]));
}
