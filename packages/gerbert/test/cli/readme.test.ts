import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runReadme } from '../../../../scripts/readme.js';
import { run } from './harness.js';

test('the code of the README learns its sentence', async () => {
  const { printed } = await runReadme(new URL('../readme', import.meta.url).href);
  const [losses, [last]] = [printed.slice(0, -1).map(([, loss]) => loss as number), printed.slice(-1)[0]];
  expect(losses.length).toBe(3);
  expect(losses[2]).toBeLessThan(losses[0] / 4);
  expect(last).toMatch(/^ back to Europe with Gerbert/);
});

test('the README knows every flag of the demo, and no other', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const { stdout } = await run(['demo', '--help']);
  const flags = (text: string, line: RegExp) => [...text.matchAll(line)].map(([, flag]) => flag).sort();
  const known = flags(stdout, /^ {2}(--[a-z]+)/gm).filter((flag) => flag !== '--help');
  expect(flags(readme, /^\| `(--[a-z]+)/gm)).toEqual(known);
});
