// Whose turn it is: all sides take turns, round by round, and nobody works out of turn.
import { setTimeout as pause } from 'node:timers/promises';
import { otherProcessorMs } from './processor.mjs';

/** A side runs the case for at least so long in each round, in ms. */
const roundMs = 30;
/** Between turns: long enough for threads of most sides to stop waiting actively. */
const quietMs = 12;
/** Those of onnxruntime wait longer, depending on the model: while any side still works, the next turn waits in such steps, so often at most. */
const stepMs = 25;
const mostSteps = 40;
/** Processor time that others use during a turn is told where it is more than this share of it. */
const noticed = 0.05;

/** Waits until no side uses the processor any more. */
async function quiet(sides) {
  await pause(quietMs);
  for (let step = 0, { all } = sides.processorMs(); step < mostSteps; step++) {
    await pause(stepMs);
    const now = sides.processorMs().all;
    if (now === all) return;
    all = now;
  }
}

/** How often a side runs the case in a round: as often as fills the time, after a run that warms up. */
async function calibrate(each, item) {
  const run = async (iterations) => (await each.child.request({ op: 'time', iterations, round: 0 })).ms;
  const first = await run(1);
  if (first >= roundMs || item.rotates) return 1;
  const some = Math.min(1000, Math.ceil(roundMs / Math.max(first, 0.01)));
  const ms = await run(some);
  return Math.max(1, Math.ceil((roundMs * some) / Math.max(ms, 0.001)));
}

/** One turn of one side; its time is kept with it, and so is what goes wrong. */
async function turn(each, runs, { sides, watch, round }) {
  await quiet(sides);
  const before = sides.processorMs(each.child);
  const meanwhile = otherProcessorMs();
  try {
    const { ms } = await each.child.request({ op: 'time', iterations: each.iterations, round });
    each.ms.push(ms / each.iterations / runs);
    const after = sides.processorMs(each.child);
    watch.turns += ms;
    watch.sides += after.others - before.others;
    watch.machine += Math.max(0, otherProcessorMs() - meanwhile - (after.all - before.all));
  } catch (error) {
    each.failure = error;
  }
}

/**
 * Calibrates and plays the rounds; `playing` begins with ours. Gives our share of the peak in each round, where the peak is the mean of what was
 * measured before and after it, and notes on whoever used the processor out of turn.
 */
export async function playRounds(playing, item, { sides, peaks, rounds }) {
  const shares = [];
  const watch = { turns: 0, sides: 0, machine: 0 };
  const runs = item.runs ?? 1;
  for (const each of playing) {
    try {
      each.iterations = await calibrate(each, item);
    } catch (error) {
      each.failure = error;
    }
  }
  const peak = async () => (item.work ? await peaks.measure(item.work.kind, item.threads) : null);
  const [ours] = playing;
  let before = ours ? await peak() : null;
  for (let round = 1; round <= rounds && ours && !ours.failure; round++) {
    for (const each of playing) if (!each.failure) await turn(each, runs, { sides, watch, round });
    await quiet(sides);
    const after = await peak();
    if (before && after && !ours.failure) {
      const rate = item.work.amount / (ours.ms.at(-1) * runs) / 1e6;
      shares.push(rate / ((before + after) / 2));
    }
    before = after;
  }
  // Processes that a side starts are no longer known when they have ended; they would count as other programs.
  return { shares, notes: item.spawns ? [] : told(watch) };
}

function told({ turns, sides, machine }) {
  const percent = (ms) => `${Math.round((100 * ms) / turns)} %`;
  const notes = [];
  if (sides > noticed * turns) notes.push(`sides used a core for ${percent(sides)} of turns that were not theirs`);
  if (machine > noticed * turns) notes.push(`other programs used a core for ${percent(machine)} of the time`);
  return notes;
}
