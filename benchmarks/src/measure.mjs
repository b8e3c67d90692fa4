// One case: the same bytes to every side, results compared, then times in interleaved rounds.
import { readFloats, writeArray } from './files.mjs';
import { playRounds } from './rounds.mjs';
import { median, row, timedRow } from './rows.mjs';
import { errors, worstError } from './verify.mjs';

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} dtype
 * @property {number} threads
 * @property {string} op what the sides call it
 * @property {object} [params]
 * @property {() => Record<string, { data: Float32Array | Int32Array, shape: number[] }>} inputs
 * @property {(inputs: object, outputs: object) => import('./verify.mjs').Expectation[]} expect from the inputs, and the outputs of all sides
 * @property {string} [ours] the side that is ours; default `gerbert`
 * @property {{ side: string, label?: string, dtype?: string, params?: object }[]} peers
 * @property {{ kind: string, amount: number }} [work] operations or bytes of one run, and the peak they are compared with
 * @property {number} [runs] how many of what is to be told are in one run; default 1
 * @property {boolean} [fresh] whether every side needs a process of its own for it
 * @property {boolean} [memory] whether peak memory is compared too
 * @property {boolean} [quality] whether rows tell how far off the outputs are
 * @property {boolean} [quick] whether it is one of the few of `--quick`
 * @property {boolean} [rotates] whether every round has data of its own; then it is run once a round
 * @property {number} [rounds] at most so many, of what takes long
 * @property {boolean} [spawns] whether the sides start processes for it
 * @property {number} [bytes] of text in one run: rows are told as MB/s
 * @property {(sides: import('./sides.mjs').Sides) => Promise<void>} [before] makes what the case needs
 */

class Participant {
  constructor(name, { label, params, child, folder, dtype }) {
    Object.assign(this, { name, label, params, child, folder, dtype, ms: [], outputs: null, failure: null, unit: 0 });
  }
}

/** Measures a case; every peer gives a row. @param {Case} item */
export async function measure(item, { sides, peaks, folder, rounds, suite }) {
  const inputs = item.inputs();
  const specs = {};
  for (const [name, { data, shape }] of Object.entries(inputs)) {
    const file = `${folder}/input.${name}`;
    writeArray(file, data);
    specs[name] = { file, shape, dtype: data instanceof Int32Array ? 'i32' : 'f32' };
  }
  if (item.fresh) await sides.close();
  const request = { op: 'prepare', case: item.op, inputs: specs, threads: item.threads, folder };
  const ours = await enlist({ side: item.ours ?? 'gerbert' }, item, { sides, request, folder });
  const peers = [];
  for (const peer of item.peers) peers.push(await enlist(peer, item, { sides, request, folder }));
  const all = [ours, ...peers];
  const verdict = verify(item, inputs, ours, peers);
  for (const each of all) each.outputs = null;

  const playing = verdict.oursWrong || ours.failure ? [] : all.filter((each) => !each.failure && !each.wrong);
  const { shares, notes } = await playRounds(playing, item, {
    sides,
    peaks,
    rounds: Math.min(rounds, item.rounds ?? rounds),
  });
  const memories = item.memory ? await memory(playing) : new Map();
  for (const each of all) if (each.child?.alive) await each.child.request({ op: 'release' }).catch(() => {});
  if (item.fresh) await sides.close();

  const context = {
    suite,
    isa: (item.ours ?? 'gerbert') === 'gerbert' ? sides.isa : null,
    item,
    ours,
    shares,
    noisy: notes,
  };
  return peers.flatMap((peer) => rowsOf(peer, context, memories));
}

/** Lets a side prepare the case. What goes wrong is kept as its failure. */
async function enlist({ side, label, dtype, params }, item, { sides, request, folder }) {
  const each = new Participant(side, { label: label ?? sides.label(side), params, folder, dtype });
  each.missing = !sides.installed(side);
  try {
    each.child = await sides.get(side);
    const given = { ...item.params, ...params };
    const { files, unit = 0 } = await each.child.request({ ...request, side, params: given });
    each.unit = unit;
    each.outputs = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readFloats(file)]));
  } catch (error) {
    each.failure = error;
  }
  return each;
}

/** Compares every side's outputs with what is expected of them. */
function verify(item, inputs, ours, peers) {
  const outputs = Object.fromEntries([ours, ...peers].map((each) => [each.name, each.outputs]));
  const expected = item.expect(inputs, outputs);
  for (const each of [ours, ...peers]) {
    // A peer that is to compute something else (another mask, another precision) has its own case for being verified.
    if (!each.outputs || expected === null || (each !== ours && each.name === 'gerbert-2')) continue;
    each.worst = worstError(each.outputs, expected, each.unit);
    if (item.quality) each.quality = errors(each.outputs, expected);
    each.wrong = each.worst > 1;
  }
  return { oursWrong: ours.wrong === true };
}

/** Peak memory of every side, in MiB. */
async function memory(playing) {
  const found = new Map();
  for (const each of playing) {
    // One that has crashed since has no memory; its failure is told with its times.
    const { mib } = await each.child.request({ op: 'memory' }).catch(() => ({ mib: null }));
    found.set(each, mib);
  }
  return found;
}

function rowsOf(peer, { suite, isa, item, ours, shares, noisy }, memories) {
  const notes = [];
  const known = { suite, case: item.name, dtype: item.dtype, threads: item.threads, isa, peer: peer.label };
  if (item.bytes) known.bytes = item.bytes;
  if (ours.failure) notes.push(ours.failure.message);
  if (peer.failure) notes.push(peer.failure.message);
  if (ours.wrong) notes.push(`our result ${farOff(ours)}`);
  if (peer.wrong) notes.push(`${peer.label}'s result ${farOff(peer)}`);
  if (ours.ms.length > 0) notes.push(...noisy);
  const oursMs = ours.ms.length > 0 && !ours.failure ? ours.ms : null;
  const peerMs = peer.ms.length > 0 && !peer.failure ? peer.ms : null;
  const error = { ours: ours.worst ?? null, peer: peer.worst ?? null };
  if (ours.quality) notes.push(qualityNote(ours, peer));
  const timed = timedRow({ ...known, verified: verdictOf(ours, peer), error, ...noted(notes) }, oursMs, peerMs);
  if (oursMs && shares.length > 0) Object.assign(timed, { peak: item.work.kind, shareOfPeak: median(shares) });
  const [mine, theirs] = [memories.get(ours), memories.get(peer)];
  if (!mine || !theirs) return [timed];
  const ratio = theirs / mine;
  const mib = { ours: mine, peer: theirs };
  return [timed, row({ ...known, case: `${item.name}, peak memory`, mib, ratio, verified: timed.verified })];
}

const farOff = ({ worst }) =>
  Number.isFinite(worst) ? `is ${worst.toPrecision(3)} times as far off as it may be` : 'is another one';

/** How far off both sides are, in numbers of size 1. */
function qualityNote(ours, peer) {
  const say = ({ greatest, mean }) => `${greatest.toPrecision(2)} at most, ${mean.toPrecision(2)} on average`;
  return `off by ${say(ours.quality)}${peer.quality ? `; ${peer.label} by ${say(peer.quality)}` : ''}`;
}

const noted = (notes) => (notes.length > 0 ? { note: notes.join('; ') } : {});

/** False as soon as something is wrong; null where something was not there to be compared. */
function verdictOf(ours, peer) {
  if (ours.wrong || peer.wrong) return false;
  const broken = (each) => each.failure && each.failure.code !== 'unsupported' && !each.missing;
  if (broken(ours)) return false;
  if (ours.failure || peer.failure || ours.worst === undefined) return null;
  return true;
}
