import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { renderReport, writeReport } from '../../src/report/index.js';
import { inventedResult } from './fixture.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'gerbert-report-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('the file replaces an older one, and folders are made', async () => {
  const file = path.join(temporaryFolder(), 'a/report.html');
  mkdirSync(path.dirname(file));
  writeFileSync(file, 'old');
  await writeReport(file, inventedResult());
  expect(readFileSync(file, 'utf8')).toBe(renderReport(inventedResult()));
  expect(readdirSync(path.dirname(file))).toEqual(['report.html']);
});

test('where it cannot be written, the error says so and nothing is left', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'report.html/inside'), { recursive: true });
  const writing = writeReport(path.join(folder, 'report.html'), inventedResult());
  await expect(writing).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(folder) });
  expect(readdirSync(folder)).toEqual(['report.html']);
});
