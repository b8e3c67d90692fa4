// The command: see `help` in options.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { docsFolder } from './folders.mjs';
import { help, readOptions, UsageError } from './options.mjs';
import { cells, headings } from './rows.mjs';
import { pagesOf, suiteNames } from './suites/names.mjs';

function options() {
  try {
    return readOptions(process.argv.slice(2), suiteNames);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** One line a row, at once: a run takes minutes. */
function tell(rows) {
  for (const each of rows) {
    const [name, dtype, threads, ours, peer, theirs, ratio, share, verified] = cells(each);
    const what = `${each.suite}: ${name} ${dtype}, ${threads} threads`;
    console.error(`${what.padEnd(58)} ${ours} · ${peer} ${theirs} · ratio ${ratio} · ${share} · verified ${verified}`);
    if (each.note) console.error(`    ${each.note}`);
  }
}

function readDocument(file) {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(document.rows)) throw new Error(`${file} is not what pnpm bench --json prints`);
  return document;
}

const { suites: chosen, json, write, from, help: asked, ...how } = options();
if (asked) {
  console.log(help);
} else {
  // The end of this process removes its files and closes the sides' inputs, which ends them too.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  try {
    // What follows loads the packages, which a wrong command line need not wait for.
    const { loadSuites } = await import('./suites/index.mjs');
    const { run } = await import('./run.mjs');
    const { render } = await import('./render.mjs');
    const suites = await loadSuites();
    const some = suites.filter(({ name }) => chosen.includes(name));
    const document = from ? readDocument(from) : await run(some, { ...how, report: tell });
    if (json) console.log(JSON.stringify(document, null, 1));
    else if (!from) {
      console.table(document.rows.map((each) => Object.fromEntries(cells(each).map((cell, i) => [headings[i], cell]))));
    }
    if (write) {
      for (const { page, suites: own } of pagesOf(document.rows.map(({ suite }) => suite))) {
        const shown = suites.filter(({ name }) => own.includes(name));
        writeFileSync(`${docsFolder}/${page}`, render(document, shown));
        console.error(`wrote docs/${page}`);
      }
    }
    if (document.rows.some(({ verified }) => verified === false)) process.exitCode = 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
