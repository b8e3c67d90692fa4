import { count, figure } from '../format.js';
import { type Html, html } from '../html.js';
import { linear, type Scale, ticks } from './scale.js';

export interface LossCurve {
  /** For those who cannot see it. */
  label: string;
  /** One per step, in nats. */
  losses: readonly number[];
  /** A horizontal line to compare with. */
  reference: { loss: number; label: string };
  /** The style's name of the colour. */
  colour: 'bert' | 'gpt';
}

interface Size {
  width: number;
  height: number;
  /** Shown on wide screens or on narrow ones. */
  shownOn: 'wide' | 'narrow';
}

const sizes: readonly Size[] = [
  { width: 520, height: 300, shownOn: 'wide' },
  { width: 340, height: 250, shownOn: 'narrow' },
];

const margin = { left: 34, right: 8, top: 14, bottom: 38 };

/** At most so many points to a curve. */
const mostPoints = 240;

/** Mean loss of equal stretches of steps; `step` is the last of its stretch, counted from 1. */
export interface CurvePoint {
  step: number;
  /** Mean of the stretch. */
  loss: number;
  /** Exponential moving average up to here. */
  smooth: number;
}

/** A curve with at most `mostPoints` points. Losses that are not finite are passed over. */
export function thin(losses: readonly number[]): CurvePoint[] {
  const stretch = Math.max(1, Math.ceil(losses.length / mostPoints));
  // Short enough to keep up with the steep beginning, but over some steps also where there are few.
  const life = Math.max(1, Math.min(8, losses.length / 4), losses.length / 60);
  const keep = 1 - 1 / life;
  const points: CurvePoint[] = [];
  let [average, weight, sum, terms] = [0, 0, 0, 0];
  losses.forEach((loss, i) => {
    if (Number.isFinite(loss)) {
      average = keep * average + (1 - keep) * loss;
      weight = keep * weight + (1 - keep);
      sum += loss;
      terms++;
    }
    const ends = (i + 1) % stretch === 0 || i === losses.length - 1;
    if (!ends || terms === 0) return;
    points.push({ step: i + 1, loss: sum / terms, smooth: average / weight });
    [sum, terms] = [0, 0];
  });
  return points;
}

/** A loss curve, drawn once for wide screens and once for narrow ones, of which the style shows one. */
export function lossCurve(curve: LossCurve): Html {
  const points = thin(curve.losses);
  if (points.length === 0) return html`<p class="empty">No step was taken.</p>`;
  return html`${sizes.map((size) => draw(curve, points, size))}`;
}

function draw({ label, losses, reference, colour }: LossCurve, points: CurvePoint[], size: Size): Html {
  const { width, height, shownOn } = size;
  const [right, bottom] = [width - margin.right, height - margin.bottom];
  const values = [...points.map(({ loss }) => loss), reference.loss];
  const marks = ticks(Math.min(...values), Math.max(...values), 5);
  const x = linear([1, Math.max(2, losses.length)], [margin.left, right]);
  const y = linear([marks[0], marks[marks.length - 1]], [bottom, margin.top]);
  const last = points[points.length - 1];
  const place = JSON.stringify({ left: margin.left, right, top: margin.top, bottom, from: marks[0], to: marks.at(-1) });
  return html`
<svg class="chart ${shownOn}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}" data-curve="${colour}" data-place="${place}">
  ${grid(marks, y, { right, bottom })}
  ${stepAxis(losses.length, x, { bottom, height })}
  <line class="reference" x1="${margin.left}" x2="${right}" y1="${at(y(reference.loss))}" y2="${at(y(reference.loss))}"/>
  <text class="note" x="${right}" y="${at(y(reference.loss) - 6)}" text-anchor="end">${reference.label}</text>
  <path class="line raw ${colour}" d="${path(points.map(({ step, loss }) => [x(step), y(loss)]))}"/>
  <path class="line ${colour}" d="${path(points.map(({ step, smooth }) => [x(step), y(smooth)]))}"/>
  <circle class="dot ${colour}" cx="${at(x(last.step))}" cy="${at(y(last.smooth))}" r="4"/>
  <text class="value" x="${at(x(last.step) - 4)}" y="${at(y(last.smooth) - 12)}" text-anchor="end">${figure(last.smooth)}</text>
</svg>`;
}

function grid(marks: number[], y: Scale, { right, bottom }: { right: number; bottom: number }): Html {
  const lines = marks.map((mark) => {
    const line = html`<line class="${y(mark) === bottom ? 'axis' : 'grid'}" x1="${margin.left}" x2="${right}" y1="${at(y(mark))}" y2="${at(y(mark))}"/>`;
    return html`${line}<text class="tick" x="${margin.left - 8}" y="${at(y(mark) + 4)}" text-anchor="end">${String(mark)}</text>`;
  });
  return html`${lines}`;
}

function stepAxis(steps: number, x: Scale, { bottom, height }: { bottom: number; height: number }): Html {
  const marks = ticks(0, steps, 4).filter((mark) => mark >= 1 && mark <= steps && Number.isInteger(mark));
  const texts = marks.map((mark) => {
    const anchor = x(mark) > x(steps) - 12 ? 'end' : 'middle';
    return html`<text class="tick" x="${at(x(mark))}" y="${bottom + 17}" text-anchor="${anchor}">${count(mark)}</text>`;
  });
  return html`${texts}<text class="axis-title" x="${x(1)}" y="${height - 4}">steps</text>`;
}

function path(places: readonly (readonly [number, number])[]): string {
  return places.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');
}

const at = (x: number) => Number(x.toFixed(1));
