import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A vitest reporter that writes the run's totals and the reasons of its skips as JSON into the file named by
 * `GERBERT_TEST_SUMMARY`, where scripts/test.mjs finds them.
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.GERBERT_TEST_SUMMARY;
    if (file === undefined) throw new Error('summary-reporter: GERBERT_TEST_SUMMARY names no file');
    writeFileSync(file, JSON.stringify(summarize(modules, unhandledErrors)));
  }
}

/**
 * @typedef {{ file: string, name: string, reason: string }} Skip
 * @typedef {{ passed: number, failed: number, skips: Skip[] }} Summary
 */

/**
 * A module that did not load counts as one failure, and so does an error outside of all tests.
 *
 * @returns {Summary}
 */
export function summarize(modules, unhandledErrors) {
  /** @type {Summary} */
  const summary = { passed: 0, failed: unhandledErrors.length, skips: [] };
  for (const module of modules) {
    const file = path.relative(process.cwd(), module.moduleId);
    summary.failed += module.errors().length;
    for (const suite of module.children.allSuites()) summary.failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') summary.passed++;
      else if (result.state === 'failed') summary.failed++;
      else summary.skips.push({ file, name: test.fullName, reason: result.note ?? 'no reason given' });
    }
  }
  return summary;
}

/**
 * The lines that close `npm test`: skips grouped by reason, then the totals.
 *
 * @param {Summary} summary
 */
export function closingLines({ passed, failed, skips }) {
  const groups = new Map();
  for (const { file, name, reason } of skips) {
    const group = groups.get(reason) ?? groups.set(reason, { count: 0, files: new Set(), name }).get(reason);
    group.count++;
    group.files.add(file);
  }
  const lines = [...groups].map(([reason, { count, files, name }]) => {
    const what = count === 1 ? `“${name}”` : `${count} tests`;
    return `skipped: ${what} in ${[...files].join(', ')}: ${reason}`;
  });
  return [...lines, `${passed} passed, ${failed} failed, ${skips.length} skipped`];
}
