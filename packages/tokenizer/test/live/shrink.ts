import type { Json, JsonObject } from '../../src/index.js';
import type { Case, Run } from './case.js';

/** Every text with less in it: halves first, then without single characters. */
function* shorterTexts(text: string): Generator<string> {
  const characters = [...text];
  for (let size = characters.length; size >= 1; size = size >> 1) {
    for (let at = 0; at < characters.length; at += size) {
      yield [...characters.slice(0, at), ...characters.slice(at + size)].join('');
    }
  }
}

function* shorterLists<T>(list: readonly T[]): Generator<T[]> {
  for (let size = list.length; size >= 1; size = size >> 1) {
    for (let at = 0; at < list.length; at += size) yield [...list.slice(0, at), ...list.slice(at + size)];
  }
}

/** The run with less text, or fewer ids. */
export function* simplerRuns(run: Run): Generator<Run> {
  switch (run.kind) {
    case 'encode':
      if (run.pair !== undefined) yield { kind: 'encode', text: run.text, special: run.special };
      if (run.special) yield { ...run, special: false };
      for (const text of shorterTexts(run.text)) yield { ...run, text };
      if (run.pair !== undefined) for (const pair of shorterTexts(run.pair)) yield { ...run, pair };
      break;
    case 'batch':
      for (const texts of shorterLists(run.texts)) yield { ...run, texts };
      for (const [i, text] of run.texts.entries()) {
        for (const shorter of shorterTexts(text)) yield { ...run, texts: run.texts.with(i, shorter) };
      }
      break;
    case 'decode':
    case 'stream':
      for (const ids of shorterLists(run.ids)) yield { ...run, ids };
      break;
    case 'again':
      for (const text of shorterTexts(run.text)) yield { ...run, text };
      break;
    case 'json':
  }
}

const SEQUENCES = ['normalizers', 'pretokenizers', 'processors', 'decoders'];

/** Without the part, or with one of its parts in its place, or with one of them less or simpler. */
function* simplerParts(part: Json): Generator<Json> {
  if (part === null || typeof part !== 'object' || Array.isArray(part)) return;
  yield null;
  for (const key of SEQUENCES) {
    const parts = part[key];
    if (!Array.isArray(parts)) continue;
    yield* parts;
    for (const fewer of shorterLists(parts)) yield { ...part, [key]: fewer };
    for (const [i, inner] of parts.entries()) {
      for (const simpler of simplerParts(inner)) if (simpler !== null) yield { ...part, [key]: parts.with(i, simpler) };
    }
  }
  for (const [key, value] of Object.entries(part)) if (value === true) yield { ...part, [key]: false };
}

function* simplerModels(model: JsonObject): Generator<JsonObject> {
  for (const [key, value] of Object.entries(model)) if (value === true) yield { ...model, [key]: false };
  if (Array.isArray(model.merges)) for (const merges of shorterLists(model.merges)) yield { ...model, merges };
  if (Array.isArray(model.vocab)) for (const vocab of shorterLists(model.vocab)) yield { ...model, vocab };
  else
    for (const entries of shorterLists(Object.entries(model.vocab as JsonObject)))
      yield { ...model, vocab: Object.fromEntries(entries) };
}

/** Cases with a little less in them, those that take away most first. */
export function* simpler(given: Case): Generator<Case> {
  const { config, added, runs } = given;
  if (runs.length > 1) for (const run of runs) yield { config, added, runs: [run] };
  for (const key of ['truncation', 'padding', 'post_processor', 'decoder', 'normalizer', 'pre_tokenizer']) {
    for (const part of simplerParts(config[key])) yield { config: { ...config, [key]: part }, added, runs };
  }
  for (const fewer of shorterLists(added)) yield { config, added: fewer, runs };
  for (const [i, token] of added.entries()) {
    for (const flag of ['single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const) {
      if (token[flag]) yield { config, added: added.with(i, { ...token, [flag]: false }), runs };
    }
  }
  for (const [i, run] of runs.entries())
    for (const one of simplerRuns(run)) yield { config, added, runs: runs.with(i, one) };
  for (const model of simplerModels(config.model as JsonObject)) yield { config: { ...config, model }, added, runs };
}

/** Makes the case smaller as long as `fails` says that it still shows the difference; `tries` at most. */
export async function shrink(given: Case, fails: (smaller: Case) => Promise<boolean>, tries = 600): Promise<Case> {
  let best = given;
  let left = tries;
  for (let progress = true; progress; ) {
    progress = false;
    for (const candidate of simpler(best)) {
      if (left-- <= 0) return best;
      if (!(await fails(candidate))) continue;
      best = candidate;
      progress = true;
      break;
    }
  }
  return best;
}
