import type { DemoResult } from '../../demo/result.js';
import { type AccuracyLine, accuracyLines, mark } from '../charts/accuracy-lines.js';
import { count, counted, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { dataTable, figureOf, nothing, section } from '../parts.js';

/** Accuracy by number of training examples. */
export function finetuning({ finetune }: DemoResult): Html {
  const { task, labels, sizes, chance, testExamples } = finetune;
  const lines: AccuracyLine[] = [
    { label: 'BERT, pretrained', accuracies: finetune.bertPretrained, kind: 'bert' },
    { label: 'GPT, pretrained, answering in text', accuracies: finetune.gptPretrained, kind: 'gpt' },
    { label: 'BERT from scratch', accuracies: finetune.bertScratch, kind: 'scratch' },
  ];
  const lead = html`The task: <em class="task">${task}</em> The answers: ${labels.map((label, i) => html`${i > 0 && ', '}<em>${label}</em>`)}. How much did reading help, and how many examples does it save?`;
  if (sizes.length === 0)
    return section('fine-tuning', 'Learning a task', lead, nothing('No task was trained in this run.'));
  const legend = html`
<ul class="legend">${lines.map(
    ({ label, kind }) => html`
<li><svg viewBox="0 0 34 14" width="34" height="14" aria-hidden="true"><path class="line ${kind}" d="M1 7H33"/>${mark(kind, 17, 7)}</svg>${label}</li>`,
  )}</ul>`;
  // The standard error of a share is largest at one half.
  const uncertainty = (100 * Math.sqrt(0.25 / testExamples)).toFixed(1);
  const caption = html`Accuracy on ${counted(testExamples, 'held-out example')}, with a standard error of at most ${uncertainty} points.`;
  const table = dataTable(
    'Accuracy by number of training examples',
    ['', ...sizes.map((size) => count(size))],
    [
      ...lines.map(({ label, accuracies, kind }) => ({
        head: label,
        cells: accuracies.map((accuracy) => percent(accuracy)),
        own: kind === 'bert',
      })),
      { head: 'Guessing', cells: sizes.map(() => percent(chance)) },
    ],
  );
  return section(
    'fine-tuning',
    'Learning a task',
    lead,
    html`<div class="beside lines">${figureOf(html`${legend}${accuracyLines(lines, sizes, chance)}`, caption)}${table}</div>`,
  );
}
