import { describe, expect, it } from 'vitest';
import { closingLines, summarize } from '../summary-reporter.mjs';

/** What the reporter reads of vitest's TestModule. */
function moduleOf(file: string, results: object[], { loadErrors = 0, suiteErrors = 0 } = {}) {
  const tests = results.map((result, index) => ({ fullName: `test ${index}`, result: () => result }));
  return {
    moduleId: `${process.cwd()}/${file}`,
    errors: () => Array(loadErrors).fill({}),
    children: { allSuites: () => [{ errors: () => Array(suiteErrors).fill({}) }], allTests: () => tests },
  };
}

const passed = { state: 'passed' };
const failed = { state: 'failed' };
const skipped = (note?: string) => ({ state: 'skipped', note });

describe('summarize', () => {
  it('counts tests by their results', () => {
    const summary = summarize(
      [moduleOf('a', [passed, passed, failed]), moduleOf('b', [passed, skipped('no disk')])],
      [],
    );
    expect(summary).toEqual({
      passed: 3,
      failed: 1,
      skips: [{ file: 'b', name: 'test 1', reason: 'no disk' }],
    });
  });

  it('counts what failed outside of tests', () => {
    const module = moduleOf('a', [passed], { loadErrors: 1, suiteErrors: 2 });
    expect(summarize([module], [{}]).failed).toBe(4);
  });
});

describe('closingLines', () => {
  it('groups skips by reason and closes with the totals', () => {
    const skips = [
      { file: 'a', name: 'first', reason: 'no device' },
      { file: 'b', name: 'second', reason: 'no data' },
      { file: 'c', name: 'third', reason: 'no device' },
    ];
    expect(closingLines({ passed: 7, failed: 2, skips })).toEqual([
      'skipped: 2 tests in a, c: no device',
      'skipped: “second” in b: no data',
      '7 passed, 2 failed, 3 skipped',
    ]);
  });

  it('says that a skip has no reason', () => {
    const [line] = closingLines(summarize([moduleOf('a', [skipped()])], []));
    expect(line).toBe('skipped: “test 0” in a: no reason given');
  });
});
