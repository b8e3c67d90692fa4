import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { DemoResult } from '../../src/demo/result.js';
import { writeReport } from '../../src/report/index.js';
import { inventedResult } from './fixture.js';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update', 'disable-sync'];
const flags = ['no-sandbox', 'disable-gpu', 'disable-quic', ...quiet].map((flag) => `--${flag}`);

let browser: Browser;
let folder = '';

beforeAll(async () => {
  if (!existsSync(executablePath)) return;
  browser = await chromium.launch({ executablePath, args: flags });
  folder = mkdtempSync(path.join(tmpdir(), 'gerbert-page-'));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});
beforeEach((ctx) => {
  if (!existsSync(executablePath)) ctx.skip(`no browser at ${executablePath}; CHROMIUM_PATH names another`);
});

/** Opens the report of a result; `heard` gathers what must not be: errors, dialogs, and requests but for the page. */
async function open(result: DemoResult, { width = 1280, dark = false } = {}): Promise<{ page: Page; heard: string[] }> {
  const file = path.join(folder, `${Math.random()}.html`);
  await writeReport(file, result);
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light' });
  onTestFinished(() => page.close());
  const heard: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => heard.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) heard.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, heard };
}

/** The same result with as much text as there can be. */
function fullResult(): DemoResult {
  const result = inventedResult();
  const tokens = Array.from({ length: 32 }, (_, i) => (i % 5 === 0 ? '##responsibilities' : `国${i}`));
  const even = () => tokens.map(() => 1 / tokens.length);
  result.samples.attention = {
    tokens,
    layers: Array.from({ length: 4 }, () => Array.from({ length: 8 }, () => tokens.map(even))),
  };
  result.samples.fillMask[0].guesses[0].token = 'Donaudampfschifffahrtsgesellschaft';
  result.samples.continuations[0].greedy = 'la'.repeat(300);
  result.samples.prompting[0].prompt = 'x'.repeat(500);
  result.files.report = `/home/${'long'.repeat(60)}/report.html`;
  result.corpus.name = `/home/${'somebody'.repeat(20)}/letters.txt`;
  Object.assign(result.finetune, { sizes: [64, 256, 1024, 4096], task: 'y'.repeat(200) });
  for (const line of ['bertPretrained', 'bertScratch', 'gptPretrained'] as const) result.finetune[line].push(0.9);
  return result;
}

describe.each([
  { width: 1280, dark: false },
  { width: 390, dark: false },
  { width: 390, dark: true },
  { width: 320, dark: false },
])('at $width px, dark: $dark', (how) => {
  test.each([
    ['a result', inventedResult],
    ['a result full of text', fullResult],
  ])('%s fits, and nothing is amiss', async (_, result) => {
    const { page, heard } = await open(result(), how);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(how.width);
    expect(heard).toEqual([]);
  });

  test('each chart is seen once', async () => {
    const { page } = await open(inventedResult(), how);
    const seen = (selector: string) =>
      page.evaluate(
        `[...document.querySelectorAll('${selector}')].filter((one) => one.getClientRects().length > 0).length`,
      );
    expect(await seen('#learning svg path.line.bert:not(.raw)')).toBe(1);
    expect(await seen('#learning svg path.line.gpt:not(.raw)')).toBe(1);
    expect(await seen('#fine-tuning svg.chart')).toBe(1);
    expect(await seen('#gpt .bar')).toBe(6);
    expect(await seen('#attention-matrix rect:not(.outline)')).toBe(18 * 18);
  });
});

test('bars are as long as their values', async () => {
  const { page } = await open(inventedResult());
  const lengths = await page
    .locator('#gpt .bar')
    .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
  const { gpt, baselines } = inventedResult();
  const ratio = gpt.after.bitsPerByte / baselines.unigram.bitsPerByte;
  expect(lengths[5] / lengths[1]).toBeCloseTo(ratio, 2);
});

describe('the attention map', () => {
  const { tokens, layers } = inventedResult().samples.attention;
  /** What is to be read when a token is chosen. */
  const reading = (layer: number, head: number, query: number) => {
    const shares = layers[layer][head][query].map((share, key) => ({ share, token: tokens[key] }));
    const first = shares.sort((a, b) => b.share - a.share)[0];
    return `${tokens[query]} looks at ${first.token} ${(100 * first.share).toFixed(0)} %`;
  };

  test('follows the pointer', async () => {
    const { page, heard } = await open(inventedResult());
    const readout = page.locator('#attention-readout');
    expect(await readout.textContent()).toContain(reading(0, 0, 0));
    await page.locator('#token-7').hover();
    expect(await readout.textContent()).toContain(reading(0, 0, 7));
    await page.locator('#attention-matrix .row').nth(3).locator('rect').first().hover();
    expect(await readout.textContent()).toContain(reading(0, 0, 3));
    await page.locator('input[value="2,1"]').check();
    expect(await page.locator('#attention-chosen').textContent()).toBe('Layer 3, head 2');
    expect(await readout.textContent()).toContain(reading(2, 1, 3));
    const strength = await page
      .locator('#attention-matrix .row')
      .nth(3)
      .locator('rect')
      .nth(5)
      .getAttribute('fill-opacity');
    expect(Number(strength)).toBeCloseTo(Math.sqrt(layers[2][1][3][5]), 3);
    expect(heard).toEqual([]);
  });

  test('obeys the keyboard', async () => {
    const { page } = await open(inventedResult());
    await page.locator('input[value="0,0"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#attention-chosen').textContent()).toBe('Layer 1, head 2');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.id')).toBe('token-2');
    expect(await page.locator('#attention-readout').textContent()).toContain(reading(0, 1, 2));
    expect(await page.locator('.token[aria-selected="true"]').count()).toBe(1);
    await page.keyboard.press('End');
    expect(await page.locator('#attention-readout').textContent()).toContain(reading(0, 1, tokens.length - 1));
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.id')).toBe(`token-${tokens.length - 1}`);
  });

  test('the small maps are painted', async () => {
    const { page } = await open(inventedResult());
    const alpha = await page.evaluate(`
      [...document.querySelectorAll('canvas')[4].getContext('2d').getImageData(0, 0, 3, 1).data].filter((_, i) => i % 4 === 3)
    `);
    const expected = layers[1][0][0].slice(0, 3).map((share) => Math.round(255 * Math.sqrt(share)));
    expect(alpha).toEqual(expected);
  });
});

test('a loss curve tells its values under the pointer', async () => {
  const { page } = await open(inventedResult());
  const chart = page.locator('svg.wide[data-curve="gpt"]');
  const { width } = (await chart.boundingBox())!;
  await chart.hover({ position: { x: width - 3, y: 60 } });
  expect(await page.locator('[data-readout="gpt"]').textContent()).toMatch(/^step 1000: 4\.\d{3}, average 4\.\d{3}$/);
  await chart.hover({ position: { x: width / 2, y: 60 } });
  const [, step] = /^step (\d+):/.exec((await page.locator('[data-readout="gpt"]').textContent())!)!;
  // The axis begins a little to the right.
  expect(Number(step)).toBeGreaterThan(420);
  expect(Number(step)).toBeLessThan(500);
  await page.mouse.move(0, 0);
  expect(await page.locator('[data-readout="gpt"]').textContent()).toBe('');
});

test('every table has a caption, every drawing a name, and headings leave no level out', async () => {
  const { page } = await open(inventedResult());
  const counts = async (selector: string) => page.locator(selector).count();
  expect(await counts('table')).toBe(await counts('table > caption'));
  expect(await counts('svg[role="img"]:not([aria-label])')).toBe(0);
  expect(await counts('svg:not([role="img"]):not([aria-hidden])')).toBe(0);
  const names = await page.locator('h1, h2, h3, h4').evaluateAll((all) => all.map((heading) => heading.tagName));
  const levels = names.map((name) => Number(name[1]));
  expect(levels[0]).toBe(1);
  const deepest = levels.map((_, i) => (i === 0 ? 1 : levels[i - 1] + 1));
  expect(levels.filter((level, i) => level > deepest[i])).toEqual([]);
});
