import { describe, expect, test } from 'vitest';
import { thin } from '../../src/report/charts/loss-curve.js';
import { ticks } from '../../src/report/charts/scale.js';
import { renderReport } from '../../src/report/index.js';
import { pageScript } from '../../src/report/scripts/index.js';
import { styleSheet } from '../../src/report/style/index.js';
import { inventedResult } from './fixture.js';

/** What is read on the page, tags left out. */
function words(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replace(/<(script|style)[\s\S]*?<\/\1>/g, '');
  return body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

describe('what stands on the page', () => {
  const text = words(renderReport(inventedResult()));

  test.each([
    ['what was run', ['invented addresses', '10.4 MB, 233 documents, 61,482 sentences', 'Seed 7', 'cpu', '3 min 12 s']],
    ['BERT', ['Guessing 5.8 % 50.0 %', 'BERT before training 0.0 % 49.6 %', 'BERT after training 31.3 % 81.3 %']],
    ['GPT', ['All tokens alike 4,096 3.00 none', 'unigram 613 2.32 2.4 M', 'GPT 71.4 1.54 2.0 M']],
    ['Kneser and Ney', ['5-grams, modified and interpolated 88.3 1.62 2.4 M', 'Bengio et al. 132 1.76 2.4 M']],
    ['the task', ['Was this sentence spoken before or after 1945?', 'BERT, pretrained 71.3 % 82.5 % 89.3 %']],
    [
      'its other models',
      ['GPT, pretrained, answering in text 63.5 % 78.8 % 87.0 %', 'BERT from scratch 55.3 % 67.0 %'],
    ],
    ['prompting', ['Only the question 52.3 %', 'After 2 solved examples 55.5 %', 'Wrong: GPT answers after']],
    ['samples', ['constitution 31.2 %', 'BERT: it follows 93.1 %', 'BERT is wrong', 'Top-k sampling']],
    ['files', ['/home/somebody/gerbert-demo/report.html']],
  ])('%s', (_, parts) => {
    for (const part of parts) expect(text).toContain(part);
  });

  test('a run that gave little has a page, too', () => {
    const result = inventedResult();
    Object.assign(result.finetune, { sizes: [], bertPretrained: [], bertScratch: [], gptPretrained: [] });
    Object.assign(result.samples, { fillMask: [], nextSentence: [], continuations: [], prompting: [] });
    result.samples.attention = { tokens: [], layers: [] };
    result.bert.losses = [];
    result.gpt.losses = [4, Number.NaN, Number.POSITIVE_INFINITY];
    result.gpt.after = { perplexity: Number.POSITIVE_INFINITY, bitsPerByte: Number.POSITIVE_INFINITY };
    result.files = {};
    const page = renderReport(result);
    expect(page.replace(pageScript, '')).not.toMatch(/undefined|NaN|Infinity/);
    expect(words(page)).toContain('No step was taken.');
  });

  test('one size of training set makes a drawing', () => {
    const result = inventedResult();
    Object.assign(result.finetune, { sizes: [32], bertPretrained: [0.7], bertScratch: [0.5], gptPretrained: [0.6] });
    const page = renderReport(result).replace(pageScript, '');
    expect(page).not.toContain('NaN');
    expect(words(page)).toContain('of answers right after 32 examples');
  });
});

describe('text of users and models', () => {
  test('stays text wherever it stands', () => {
    const evil = `</script></style><script>alert(1)</script><img src=x onerror="alert(1)">'"&`;
    const spoil = (value: unknown): unknown => {
      if (typeof value === 'string') return evil;
      if (Array.isArray(value)) return value.map(spoil);
      if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoil(inner)]));
      }
      return value;
    };
    const result = spoil(inventedResult()) as ReturnType<typeof inventedResult>;
    result.files = { [evil]: evil };
    const page = renderReport(result);
    expect(page.match(/<script/g)?.length).toBe(2);
    expect(page.match(/<\/script/g)?.length).toBe(2);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&quot;&amp;');
  });

  test('reaches the scripts unchanged', () => {
    const result = inventedResult();
    result.samples.attention.tokens[1] = '</script>\u2028"\\';
    const [, json] = /id="page-data">(.*?)<\/script>/.exec(renderReport(result))!;
    expect(JSON.parse(json).attention).toEqual(result.samples.attention);
  });
});

test('nothing is loaded from elsewhere', () => {
  const page = renderReport(inventedResult());
  expect(page).not.toMatch(/\b(src|href)="(?!#|data:,)/);
  expect(page).not.toMatch(/url\(|@import|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
});

describe('loss curves', () => {
  test('have few points, and the last step among them', () => {
    const losses = Array.from({ length: 1001 }, (_, i) => i);
    const points = thin(losses);
    expect(points.length).toBeLessThanOrEqual(240);
    expect(points.at(-1)!.step).toBe(1001);
    expect(points[0]).toMatchObject({ step: 5, loss: 2 });
  });

  test('of a constant loss are constant', () => {
    for (const point of thin(new Array(700).fill(3))) {
      expect(point.loss).toBe(3);
      expect(point.smooth).toBeCloseTo(3, 12);
    }
  });

  test('average exponentially', () => {
    // With 8 steps over a mean life of 2, that is with weights of one half.
    const losses = [4, 0, 0, 0, 0, 0, 0, 0];
    const smooth = thin(losses).map((point) => point.smooth);
    expect(smooth.slice(0, 3)).toEqual([4, expect.closeTo(4 / 3, 12), expect.closeTo(4 / 7, 12)]);
  });
});

test('ticks are round and enclose the values', () => {
  expect(ticks(4.1, 9.4, 5)).toEqual([4, 6, 8, 10]);
  expect(ticks(0, 1000, 4)).toEqual([0, 250, 500, 750, 1000]);
  expect(ticks(0.11, 0.29, 4)).toEqual([0.1, 0.15, 0.2, 0.25, 0.3]);
  expect(ticks(2, 2, 4).length).toBeGreaterThan(0);
});

/** WCAG 2.2: relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('text and marks stand out from the paper in every scheme', () => {
  const schemes = styleSheet.match(/:root \{[^}]*--paper[^}]*\}/g)!;
  expect(schemes.length).toBe(3);
  for (const scheme of schemes) {
    const colour = (name: string) => {
      const hex = new RegExp(`--${name}: (#[0-9a-f]+)`).exec(scheme)![1];
      return hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex;
    };
    const contrast = (name: string, ground: string) => {
      const [light, dark] = [luminance(colour(name)), luminance(colour(ground))].sort((a, b) => b - a);
      return (light + 0.05) / (dark + 0.05);
    };
    for (const ground of ['paper', 'card']) {
      for (const text of ['ink', 'muted', 'gpt', 'bert', 'right']) {
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThan(4.5);
      }
      expect(contrast('older', ground), `older on ${ground}`).toBeGreaterThan(3);
    }
  }
});
