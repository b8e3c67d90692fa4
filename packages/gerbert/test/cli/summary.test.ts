import pc from 'picocolors';
import { expect, test } from 'vitest';
import { summary } from '../../src/cli/summary.js';
import { inventedResult } from '../report/fixture.js';

const lines = (result = inventedResult()) => summary(result, pc.createColors(false));
/** The words of the line that begins with `name`. */
const row = (all: string[], name: string) => {
  const line = all.find((text) => text.trim().startsWith(name));
  return line?.trim().slice(name.length).split(/ {2,}/).filter(Boolean);
};

test('every score stands in its row', () => {
  const all = lines();
  expect(row(all, 'after training')).toEqual(['31.3 %', '81.3 %']);
  expect(row(all, 'before training')).toEqual(['0.0 %', '49.6 %']);
  expect(row(all, 'all tokens alike')).toEqual(['4,096', '3.00', 'none']);
  expect(row(all, 'token frequencies (unigram)')).toEqual(['613', '2.32', '2.4 M']);
  expect(row(all, 'Kneser-Ney 5-grams')).toEqual(['88.3', '1.62', '2.4 M']);
  expect(row(all, 'neural network of 2003')).toEqual(['132', '1.76', '2.4 M']);
  expect(row(all, 'GPT before training')).toEqual(['4,214', '3.01', 'none']);
  expect(row(all, 'GPT after training')).toEqual(['71.4', '1.54', '2.0 M']);
  expect(row(all, 'training examples')).toEqual(['64', '256', '1,024']);
  expect(row(all, 'BERT, pretrained')).toEqual(['71.3 %', '82.5 %', '89.3 %']);
  expect(row(all, 'BERT from scratch')).toEqual(['55.3 %', '67.0 %', '80.8 %']);
  expect(row(all, 'GPT, answering in text')).toEqual(['63.5 %', '78.8 %', '87.0 %']);
  expect(row(all, 'only the question')).toEqual(['52.3 %']);
  expect(row(all, 'after 2 solved examples')).toEqual(['55.5 %']);
  expect(row(all, 'report')).toEqual(['/home/somebody/gerbert-demo/report.html']);
});

test('columns are aligned', () => {
  const all = lines();
  const from = all.findIndex((line) => line.includes('perplexity'));
  const widths = all.slice(from, from + 7).map((line) => line.length);
  expect(new Set(widths).size).toBe(1);
});

test('text of a corpus cannot move the cursor', () => {
  const result = inventedResult();
  result.corpus.name = 'bad\u001b[2Jname';
  result.samples.fillMask[0].text = 'two\nlines\r\u001b]0;title\u0007 [MASK]';
  result.samples.continuations[0].greedy = 'back\b\b\u009b2K\u202e';
  const all = lines(result);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  for (const line of all) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(all.join('\n')).toContain('two lines');
});

test('a result without samples or sizes has a summary, too', () => {
  const result = inventedResult();
  Object.assign(result.finetune, { sizes: [], bertPretrained: [], bertScratch: [], gptPretrained: [] });
  Object.assign(result.samples, { fillMask: [], nextSentence: [], continuations: [] });
  result.files = {};
  expect(lines(result).join('\n')).not.toMatch(/undefined|NaN/);
});
