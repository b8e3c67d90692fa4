import type { DemoResult, Samples } from '../../demo/result.js';
import { bars } from '../charts/bars.js';
import { percent } from '../format.js';
import { type Html, html, sample } from '../html.js';
import { nothing, section } from '../parts.js';

/** What the models say about held-out text. */
export function samplesOf({ samples }: DemoResult): Html {
  const lead = html`Taken from held-out text by the seed, not by hand. A gap is shown with the likeliest fillings and how likely each is to BERT.`;
  const body = html`
<h3>Filling a gap</h3>
${fillMask(samples.fillMask)}
<h3>Does the second sentence follow?</h3>
${nextSentence(samples.nextSentence)}
<h3>Going on from a beginning</h3>
${continuations(samples.continuations)}`;
  return section('samples', 'What they say', lead, body);
}

function fillMask(all: Samples['fillMask']): Html {
  if (all.length === 0) return nothing('No sentence was long enough.');
  const cards = all.map(({ text, answer, guesses }) => {
    const [before, after = ''] = splitAtMask(text);
    const drawn = guesses.map(({ token, probability }) => ({
      label: sample(token),
      share: probability,
      value: percent(probability),
      kind: token === answer ? ('right' as const) : ('bert' as const),
    }));
    return html`
<li class="card"><p>${sample(before)} <span class="gap" role="img" aria-label="gap"></span> ${sample(after)}</p>
${bars(drawn, 'Likeliest fillings')}
<p class="remark-line">In the text: <em>${sample(answer)}</em></p></li>`;
  });
  return html`<ul class="cards two">${cards}</ul>`;
}

function splitAtMask(text: string): string[] {
  const at = text.indexOf('[MASK]');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + '[MASK]'.length)];
}

function nextSentence(all: Samples['nextSentence']): Html {
  if (all.length === 0) return nothing('No two sentences were at hand.');
  const cards = all.map(({ first, second, follows, probability }) => {
    const right = probability >= 0.5 === follows;
    return html`
<li class="card"><p>${sample(first)}</p><p class="second">${sample(second)}</p>
${bars([{ label: 'BERT: it follows', share: probability, value: percent(probability), kind: right ? 'right' : 'older' }], 'Probability')}
<p class="remark-line">In the text it ${follows ? 'follows' : 'does not follow'}: BERT is ${right ? 'right' : 'wrong'}.</p></li>`;
  });
  return html`<ul class="cards two">${cards}</ul>`;
}

function continuations(all: Samples['continuations']): Html {
  if (all.length === 0) return nothing('No beginning was at hand.');
  const cards = all.map(({ prompt, greedy, beam, topK }) => {
    const ways: [string, string][] = [
      ['Greedy', greedy],
      ['Beam search', beam],
      ...topK.map((text): [string, string] => ['Top-k sampling', text]),
    ];
    return html`
<li class="card"><p class="beginning">${sample(prompt)}</p>
<dl class="ways">${ways.map(([way, text]) => html`<dt>${way}</dt><dd>${sample(text.trim())}</dd>`)}</dl></li>`;
  });
  return html`<ul class="cards">${cards}</ul>`;
}
