import type { DemoResult } from '../../demo/result.js';
import { bytes, count, counted, duration, figure, percent, short } from '../format.js';
import { type Html, html } from '../html.js';

/** Title, what was run, and three figures. */
export function opening(result: DemoResult): Html {
  const { corpus, seed, device, seconds, tokenizers } = result;
  const facts: [string, string][] = [
    ['Text', corpus.name],
    [
      'Size',
      `${bytes(corpus.bytes)}, ${counted(corpus.documents, 'document')}, ${counted(corpus.sentences, 'sentence')}`,
    ],
    ['BERT', `${short(result.bert.parameters)} parameters, ${count(tokenizers.wordpiece.vocabSize)} WordPiece tokens`],
    ['GPT', `${short(result.gpt.parameters)} parameters, ${count(tokenizers.bpe.vocabSize)} byte-level BPE tokens`],
    ['Computed on', device],
    ['Seed', String(seed)],
    ['Time', duration(seconds)],
  ];
  return html`
<header>
<p class="kicker">Gerbert <span aria-hidden="true">·</span> report of a demo</p>
<h1>Two small language models, and what they learned</h1>
<p class="standfirst">A BERT and a GPT began as random numbers and read the corpus <em>${corpus.name}</em>: BERT for ${counted(result.bert.steps, 'step')}, GPT for ${counted(result.gpt.steps, 'step')}. All figures on this page come from that one run; the scores were measured on text that was kept out of the training.</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${numbers(result)}
</header>`;
}

function numbers({ bert, gpt, finetune }: DemoResult): Html {
  const all = [
    {
      what: 'hidden words that BERT guesses',
      before: percent(bert.before.mlmAccuracy),
      after: percent(bert.after.mlmAccuracy),
    },
    {
      what: 'perplexity of GPT, less is better',
      before: figure(gpt.before.perplexity),
      after: figure(gpt.after.perplexity),
    },
  ];
  const largest = finetune.sizes.at(-1);
  if (largest !== undefined) {
    all.push({
      what: `of answers right after ${count(largest)} examples: BERT from scratch, and pretrained`,
      before: percent(finetune.bertScratch.at(-1)!),
      after: percent(finetune.bertPretrained.at(-1)!),
    });
  }
  return html`
<ul class="numbers" aria-label="Three figures">${all.map(
    ({ what, before, after }) => html`
<li><span class="from">${before}<span class="to-word"> to </span></span><span class="arrow" aria-hidden="true">→</span><strong>${after}</strong><span class="what">${what}</span></li>`,
  )}</ul>`;
}
