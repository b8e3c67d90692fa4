// A whole run: every case of the chosen suites, one after another, and the document that says what was found.
import { availableParallelism } from 'node:os';
import { temporaryFolder } from './files.mjs';
import { machine } from './machine.mjs';
import { measure } from './measure.mjs';
import { Peaks } from './peaks/peaks.mjs';
import { row } from './rows.mjs';
import { Sides } from './sides.mjs';

/**
 * @param {import('./suites/index.mjs').Suite[]} suites
 * @param {object} options
 * @param {number} [options.threads]
 * @param {number} options.rounds
 * @param {boolean} options.quick
 * @param {(rows: import('./rows.mjs').Row[]) => void} [options.report] told of every case's rows
 */
export async function run(suites, { threads: asked, rounds, quick, report = () => {} }) {
  const threads = asked ?? availableParallelism();
  const threadCounts = asked ? [asked] : [...new Set([1, threads])];
  const [sides, peaks, folder] = [new Sides(), new Peaks(), temporaryFolder()];
  const rows = [];
  const keep = (more) => {
    rows.push(...more);
    report(more);
  };
  try {
    const table = await peaks.table(threadCounts);
    if (peaks.reason) console.error(peaks.reason);
    // Everybody needs it, also where the peers are another instruction set's.
    await sides.get('gerbert').catch(() => {});
    for (const suite of suites) {
      const cases = suite.cases({ threads, threadCounts, rounds, quick }).filter((each) => !quick || each.quick);
      const first = rows.length;
      for (const item of cases) {
        keep(await rowsOf(item, { sides, peaks, folder: folder.folder, rounds, suite: suite.name }));
      }
      keep((await suite.summarise?.(rows.slice(first))) ?? []);
    }
    return {
      machine: machine(),
      isa: sides.isa,
      versions: sides.versions,
      peaks: table,
      date: new Date().toISOString(),
      rounds,
      rows,
    };
  } finally {
    await Promise.all([sides.close(), peaks.close()]);
    folder.remove();
  }
}

/** A case that cannot even be set up is a row that says so. */
async function rowsOf(item, context) {
  const notes = [];
  try {
    await item.before?.(context.sides);
  } catch (error) {
    notes.push(error.message);
  }
  let rows;
  try {
    rows = await measure(item, context);
  } catch (error) {
    const { name, dtype, threads } = item;
    const peer = item.peers.map(({ side, label }) => label ?? context.sides.label(side)).join(', ');
    rows = [row({ suite: context.suite, case: name, dtype, threads, peer, verified: false, note: error.message })];
  }
  if (notes.length === 0) return rows;
  return rows.map((each) => ({ ...each, note: [each.note, ...notes].filter(Boolean).join('; ') }));
}
