import { count, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { linear, type Scale } from './scale.js';

export interface AccuracyLine {
  label: string;
  /** In the order of the sizes, from 0 to 1. */
  accuracies: readonly number[];
  /** The style's name of the line, which decides on colour, dashes and marks. */
  kind: 'bert' | 'scratch' | 'gpt';
}

const drawings = [
  { width: 520, height: 320, shownOn: 'wide' },
  { width: 340, height: 270, shownOn: 'narrow' },
] as const;

const margin = { left: 44, right: 16, top: 12, bottom: 44 };

/** Accuracy by training-set size, one line to a model, over a line for guessing. The axis runs from 0 to 100 %. */
export function accuracyLines(lines: readonly AccuracyLine[], sizes: readonly number[], chance: number): Html {
  return html`${drawings.map((drawing) => draw({ lines, sizes, chance }, drawing))}`;
}

interface Figure {
  lines: readonly AccuracyLine[];
  sizes: readonly number[];
  chance: number;
}

function draw({ lines, sizes, chance }: Figure, { width, height, shownOn }: (typeof drawings)[number]): Html {
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const y = linear([0, 1], [bottom, margin.top]);
  // Sizes grow by factors, so that equal distances on paper stand for equal factors, near enough.
  const inset = sizes.length > 1 ? 28 : (right - margin.left) / 2;
  const x = linear([0, Math.max(1, sizes.length - 1)], [margin.left + inset, right - 28]);
  const label = `Accuracy by number of training examples: ${lines.map((line) => describe(line, sizes)).join('; ')}`;
  const [left, chanceAt] = [margin.left, at(y(chance))];
  return html`
<svg class="chart ${shownOn}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
  ${[0, 0.25, 0.5, 0.75, 1].map(
    (
      mark,
    ) => html`<line class="${mark === 0 ? 'axis' : 'grid'}" x1="${left}" x2="${right}" y1="${at(y(mark))}" y2="${at(y(mark))}"/>
  <text class="tick" x="${left - 8}" y="${at(y(mark) + 4)}" text-anchor="end">${100 * mark} %</text>`,
  )}
  ${sizes.map((size, i) => html`<text class="tick" x="${at(x(i))}" y="${bottom + 18}" text-anchor="middle">${count(size)}</text>`)}
  <text class="axis-title" x="${left}" y="${height - 4}">training examples</text>
  <line class="reference" x1="${left}" x2="${right}" y1="${chanceAt}" y2="${chanceAt}"/>
  <text class="note" x="${right}" y="${chanceAt + 14}" text-anchor="end">guessing ${percent(chance)}</text>
  ${lines.map((line) => drawLine(line, x, y))}
</svg>`;
}

function drawLine({ accuracies, kind }: AccuracyLine, x: Scale, y: Scale): Html {
  const places = accuracies.map((accuracy, i) => [at(x(i)), at(y(accuracy))] as const);
  const d = places.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('');
  return html`<path class="line ${kind}" d="${d}"/>${places.map(([px, py]) => mark(kind, px, py))}`;
}

/** A mark of its own shape, so that the lines can be told apart without colours. */
export function mark(kind: AccuracyLine['kind'], x: number, y: number): Html {
  if (kind === 'gpt') return html`<path class="dot gpt" d="M${x} ${y - 6}l6 10.5h-12z"/>`;
  if (kind === 'scratch') return html`<rect class="dot scratch" x="${x - 4.5}" y="${y - 4.5}" width="9" height="9"/>`;
  return html`<circle class="dot bert" cx="${x}" cy="${y}" r="5"/>`;
}

function describe({ label, accuracies }: AccuracyLine, sizes: readonly number[]): string {
  return `${label} ${accuracies.map((accuracy, i) => `${percent(accuracy)} with ${count(sizes[i])}`).join(', ')}`;
}

const at = (value: number) => Number(value.toFixed(1));
