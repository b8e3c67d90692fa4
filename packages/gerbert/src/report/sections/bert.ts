import type { DemoResult } from '../../demo/result.js';
import { bars } from '../charts/bars.js';
import { percent } from '../format.js';
import { type Html, html } from '../html.js';
import { dataTable, figureOf, section } from '../parts.js';

/** BERT's two pretraining tasks, before and after. */
export function bertScores({ bert: { before, after, majority } }: DemoResult): Html {
  const lead = html`BERT reads a text with gaps and fills them from both sides, and tells whether one sentence follows another. Whoever always answers with the most frequent token of the training text, or tosses a coin for the sentences, sets the mark to beat.`;
  const drawing = bars(
    [
      { label: 'BERT before', share: before.mlmAccuracy, value: percent(before.mlmAccuracy), kind: 'older' },
      {
        label: 'Most frequent token',
        share: majority.mlmAccuracy,
        value: percent(majority.mlmAccuracy),
        kind: 'older',
      },
      { label: 'BERT after', share: after.mlmAccuracy, value: percent(after.mlmAccuracy), kind: 'bert' },
    ],
    'Hidden words guessed',
  );
  const table = dataTable(
    'Accuracy on held-out text',
    ['', 'Hidden words', 'Next sentence'],
    [
      { head: 'Guessing', cells: [percent(majority.mlmAccuracy), percent(0.5)] },
      { head: 'BERT before training', cells: [percent(before.mlmAccuracy), percent(before.nspAccuracy)] },
      { head: 'BERT after training', cells: [percent(after.mlmAccuracy), percent(after.nspAccuracy)], own: true },
    ],
  );
  return section(
    'bert',
    'BERT, before and after',
    lead,
    html`<div class="beside">${figureOf(drawing, 'Share of hidden words guessed; a full bar would be all of them.')}${table}</div>`,
  );
}
