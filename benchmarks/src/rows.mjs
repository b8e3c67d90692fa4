// What a result is. One row compares our time for one case with one peer's.

/**
 * @typedef {object} Row
 * @property {string} suite
 * @property {string} case
 * @property {string} dtype what is computed with
 * @property {number} threads
 * @property {string | null} isa the instruction set of our kernels
 * @property {number | null} oursMs median over the rounds, for one run of the case
 * @property {[number, number] | null} oursSpread least and greatest of the rounds
 * @property {string} peer
 * @property {number | null} peerMs
 * @property {[number, number] | null} peerSpread
 * @property {number | null} ratio peerMs / oursMs: above 1 we are faster
 * @property {string | null} peak which peak the share is of: f32, bf16, int8, read or copy
 * @property {number | null} shareOfPeak what we reach of the peak measured between the rounds
 * @property {boolean | null} verified whether both results are right; null where nothing could be compared
 * @property {{ ours: number | null, peer: number | null }} [error] the greatest error of each as a share of what is allowed
 * @property {{ ours: number, peer: number }} [mib] peak memory, in rows about memory
 * @property {number} [bytes] of text in one run, in rows about text: they are told as MB/s
 * @property {{ ours: number | null, peer: number | null }} [kB] size of a bundle, minified and gzipped, in rows about that
 * @property {string} [note]
 */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const spread = (values) => [Math.min(...values), Math.max(...values)];

/** A row in which everything that was not measured is null. @returns {Row} */
export function row(known) {
  const unknown = { oursMs: null, oursSpread: null, peerMs: null, peerSpread: null, ratio: null };
  return { ...unknown, peak: null, shareOfPeak: null, verified: null, isa: null, ...known };
}

/** Fills in medians, spreads and the ratio from the milliseconds of each round (null: not measured). @returns {Row} */
export function timedRow(known, oursMs, peerMs) {
  const timed = { ...known };
  if (oursMs) Object.assign(timed, { oursMs: median(oursMs), oursSpread: spread(oursMs) });
  if (peerMs) Object.assign(timed, { peerMs: median(peerMs), peerSpread: spread(peerMs) });
  if (oursMs && peerMs) timed.ratio = timed.peerMs / timed.oursMs;
  return row(timed);
}

/** What a row says in one line of a table; the columns are those of `headings`. */
export function cells(each) {
  const [ours, peer] = figures(each);
  return [
    each.case,
    each.dtype,
    String(each.threads),
    ours,
    each.peer,
    peer,
    each.ratio === null ? '–' : each.ratio.toFixed(2),
    each.shareOfPeak === null ? '–' : `${(100 * each.shareOfPeak).toFixed(0)} % ${each.peak}`,
    each.verified === null ? '–' : each.verified ? 'yes' : '**no**',
  ];
}

export const headings = ['case', 'dtype', 'threads', 'Gerbert, ms', 'peer', 'peer, ms', 'ratio', 'of peak', 'verified'];

/** Ours and the peer's. */
function figures({ mib, kB, bytes, oursMs, oursSpread, peerMs, peerSpread }) {
  if (mib) return [`${mib.ours} MiB`, `${mib.peer} MiB`];
  if (kB) return [kB.ours, kB.peer].map((size) => (size === null ? '–' : `${size.toFixed(1)} kB`));
  const figure = bytes === undefined ? time : (ms, range) => speed(ms, range, bytes);
  return [figure(oursMs, oursSpread), figure(peerMs, peerSpread)];
}

/** Of the slowest round first, as a range begins with the least. */
function speed(ms, range, bytes) {
  if (ms === null) return '–';
  const rate = (each) => number(bytes / each / 1000);
  return `${rate(ms)} MB/s${range ? ` (${rate(range[1])}–${rate(range[0])})` : ''}`;
}

function time(ms, range) {
  if (ms === null) return '–';
  return range ? `${number(ms)} (${number(range[0])}–${number(range[1])})` : number(ms);
}

/** Three digits that mean something. */
function number(ms) {
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3);
}
