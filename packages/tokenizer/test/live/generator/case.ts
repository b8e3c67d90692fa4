import type { JsonObject } from '../../../src/index.js';
import type { AddedSpec, Case, Run } from '../case.js';
import { Rng } from '../rng.js';
import { type GeneratedModel, randomModel } from './models.js';
import { randomPadding, randomPart, randomTruncation } from './parts.js';
import { piece, randomText } from './text.js';

const SPECIALS = [
  '[CLS]',
  '[SEP]',
  '[MASK]',
  '<s>',
  '<|end|>',
  '<|end',
  'AB',
  'ab',
  'a',
  'É',
  'ﬁ',
  ' a',
  'a ',
  ' ',
  '▁',
  'x y',
  '😀',
];

function randomAdded(rng: Rng, model: GeneratedModel): AddedSpec[] {
  if (rng.chance(0.4)) return [];
  return rng
    .list(1, 5, () => {
      const special = rng.chance(0.5);
      return {
        content: rng.weighted([
          [5, () => rng.pick(SPECIALS)],
          [2, () => (model.words.length > 0 ? rng.pick(model.words) : 'a')],
          [1, () => piece(rng, []) + piece(rng, model.words)],
        ])(),
        single_word: rng.chance(0.25),
        lstrip: rng.chance(0.25),
        rstrip: rng.chance(0.25),
        normalized: rng.chance(special ? 0.2 : 0.7),
        special,
      };
    })
    .filter(({ content }) => content !== '');
}

function highestId(model: GeneratedModel): number {
  const { vocab } = model.json;
  const ids = Array.isArray(vocab) ? vocab.map((_, i) => i) : (Object.values(vocab as JsonObject) as number[]);
  return ids.reduce((most, id) => Math.max(most, id), 0);
}

function randomRuns(rng: Rng, model: GeneratedModel, added: readonly AddedSpec[]): Run[] {
  const words = [...model.words, ...added.flatMap(({ content }) => [content, content, content])].filter(
    (w) => w !== '',
  );
  const text = () => randomText(rng, words);
  const runs: Run[] = [{ kind: 'json' }, { kind: 'again', text: text() }];
  for (let i = 0; i < 8; i++) {
    const run: Run = { kind: 'encode', text: text(), special: rng.chance(0.6) };
    if (rng.chance(0.35)) run.pair = text();
    runs.push(run);
  }
  runs.push({ kind: 'batch', texts: rng.list(1, 4, text), special: rng.chance(0.6) });
  const most = highestId(model) + added.length + 2;
  for (let i = 0; i < 4; i++) {
    runs.push({
      kind: i < 2 ? 'decode' : 'stream',
      ids: rng.list(0, 12, () => (rng.chance(0.3) ? Math.max(0, most - rng.int(0, 8)) : rng.int(0, most))),
      skip: rng.chance(0.5),
    });
  }
  return runs;
}

/** The case of a seed. */
export function randomCase(seed: number): Case {
  const rng = new Rng(seed);
  const model = randomModel(rng);
  const added = randomAdded(rng, model);
  const config: JsonObject = {
    version: '1.0',
    truncation: randomTruncation(rng),
    padding: randomPadding(rng),
    added_tokens: [],
    normalizer: randomPart('normalizer', rng, model),
    pre_tokenizer: randomPart('pre_tokenizer', rng, model),
    post_processor: randomPart('post_processor', rng, model),
    decoder: randomPart('decoder', rng, model),
    model: model.json,
  };
  return { config, added, runs: randomRuns(rng, model, added) };
}
