import type { DemoResult, LanguageScores } from '../../demo/result.js';
import { type Bar, bars } from '../charts/bars.js';
import { count, figure, short } from '../format.js';
import { type Html, html } from '../html.js';
import { dataTable, figureOf, section } from '../parts.js';

interface Model extends LanguageScores {
  name: string;
  remark: string;
  tokensSeen: number;
  own: boolean;
}

/** GPT beside the models that came before it. */
export function gptScores(result: DemoResult): Html {
  const models = modelsOf(result);
  const finite = models.map(({ bitsPerByte }) => bitsPerByte).filter(Number.isFinite);
  const longest = Math.max(...finite);
  const drawn = models.map(
    (model): Bar => ({
      label: html`${model.name}${model.remark && html`<span class="remark">${model.remark}</span>`}`,
      share: model.bitsPerByte / longest,
      value: figure(model.bitsPerByte),
      kind: model.own ? 'gpt' : 'older',
    }),
  );
  const lead = html`GPT predicts each token from those before it. So did its forebears: tables of counts, and in 2003 the first neural network for the task. All were trained on the same text and are measured on the same held-out tokens.`;
  const rows = models.map(({ name, remark, perplexity, bitsPerByte, tokensSeen, own }) => ({
    head: html`${name}${remark && html`<span class="remark">${remark}</span>`}`,
    cells: [
      figure(perplexity),
      figure(bitsPerByte),
      tokensSeen === 0 ? 'none' : html`<span title="${count(tokensSeen)}">${short(tokensSeen)}</span>`,
    ],
    own,
  }));
  const table = dataTable('Prediction of held-out text', ['', 'Perplexity', 'Bits per byte', 'Tokens read'], rows);
  const caption = html`Bits per byte of held-out text: less is better. It is what the text would take if the model compressed it.`;
  const note = html`<p class="remark-line">Perplexity is the number of equally likely tokens between which the model would be as unsure. Tokens read count repetitions: the networks go over the text as often as their training lasts, tables of counts read it once.</p>`;
  return section(
    'gpt',
    'GPT beside its forebears',
    lead,
    html`${figureOf(bars(drawn, 'Bits per byte'), caption)}${table}${note}`,
  );
}

function modelsOf({ gpt, baselines: { uniform, unigram, kneserNey, nnlm } }: DemoResult): Model[] {
  const older = { own: false };
  return [
    { name: 'All tokens alike', remark: '', ...uniform, ...older },
    { name: 'Token frequencies', remark: 'unigram', ...unigram, ...older },
    { name: 'Kneser–Ney', remark: `${kneserNey.order}-grams, modified and interpolated`, ...kneserNey, ...older },
    { name: 'Neural network of 2003', remark: 'Bengio et al.', ...nnlm, ...older },
    { name: 'GPT before training', remark: '', ...gpt.before, tokensSeen: 0, ...older },
    { name: 'GPT', remark: '', ...gpt.after, tokensSeen: gpt.tokensSeen, own: true },
  ];
}
