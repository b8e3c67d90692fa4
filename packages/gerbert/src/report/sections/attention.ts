import type { DemoResult } from '../../demo/result.js';
import { type Html, html } from '../html.js';
import { nothing, section } from '../parts.js';

/** Where BERT looks; drawn by `scripts/attention.ts` into the elements named here. */
export function attention({ samples: { attention: map } }: DemoResult): Html {
  const lead = html`Each head of each layer mixes into a token what it finds at others. Choose a head from the small maps; then point at a token, or step through the sentence with the arrow keys, to see where it looks.`;
  if (map.tokens.length === 0 || map.layers.length === 0) {
    return section('attention', 'Where BERT looks', lead, nothing('No sentence was at hand.'));
  }
  const heads = map.layers.map(
    (layer, l) => html`
<div class="layer"><span class="layer-name" aria-hidden="true">Layer ${l + 1}</span>${layer.map(
      (_, h) => html`
<label class="head"><input type="radio" name="head" value="${l},${h}"${l === 0 && h === 0 && html` checked`}><span class="hidden">Layer ${l + 1}, head ${h + 1}</span><canvas width="${map.tokens.length}" height="${map.tokens.length}" aria-hidden="true"></canvas></label>`,
    )}</div>`,
  );
  const body = html`
<figure class="attention" id="attention-map">
<fieldset class="heads"><legend>Layer and head</legend>${heads}</fieldset>
<div class="looks">
<h3 id="attention-chosen">Layer 1, head 1</h3>
<div class="tokens" role="listbox" aria-orientation="horizontal" aria-label="Tokens of the sentence">${map.tokens.map(
    (token, i) => html`
<span class="token" role="option" id="token-${i}" aria-selected="${i === 0 ? 'true' : 'false'}" tabindex="${i === 0 ? 0 : -1}">${token}</span>`,
  )}</div>
<p class="readout" id="attention-readout" aria-live="polite"></p>
<div class="matrix" tabindex="0" role="region" aria-label="The whole map of this head: rows look at columns"><svg id="attention-matrix" role="img" aria-label="Attention of all tokens to all tokens"></svg></div>
</div>
<figcaption>Rows look at columns: the stronger the colour, the more. Every row adds up to 1. The sentence is held-out text.</figcaption>
</figure>
<noscript><p class="empty">The map is drawn by a script in this file, and scripts are switched off.</p></noscript>`;
  return section('attention', 'Where BERT looks', lead, body);
}
