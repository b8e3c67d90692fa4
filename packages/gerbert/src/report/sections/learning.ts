import type { DemoResult } from '../../demo/result.js';
import { lossCurve } from '../charts/loss-curve.js';
import { count } from '../format.js';
import { type Html, html } from '../html.js';
import { figureOf, section } from '../parts.js';

/** The loss curves. */
export function learning({ bert, gpt, tokenizers }: DemoResult): Html {
  const { wordpiece, bpe } = tokenizers;
  const lead = html`Training makes the loss small: how much the text surprises the model, in nats. The dashed line is a model that knows nothing and takes all answers for equally likely.`;
  const panels = html`
<div class="panels">
<div class="panel"><h3>BERT</h3><p class="panel-note">loss for hidden words and for the next sentence, added, in nats</p>
${lossCurve({
  label: `Loss of BERT over ${count(bert.steps)} steps`,
  losses: bert.losses,
  reference: { loss: Math.log(wordpiece.vocabSize) + Math.log(2), label: 'knowing nothing' },
  colour: 'bert',
})}<p class="readout" data-readout="bert" aria-hidden="true"></p></div>
<div class="panel"><h3>GPT</h3><p class="panel-note">loss for the next token, in nats</p>
${lossCurve({
  label: `Loss of GPT over ${count(gpt.steps)} steps`,
  losses: gpt.losses,
  reference: { loss: Math.log(bpe.vocabSize), label: 'knowing nothing' },
  colour: 'gpt',
})}<p class="readout" data-readout="gpt" aria-hidden="true"></p></div>
</div>`;
  return section(
    'learning',
    'How they learned',
    lead,
    figureOf(
      panels,
      html`Thin, the loss of the training batches; thick, its moving average, whose last value is written beside it.`,
    ),
  );
}
