import type { DemoResult } from '../../demo/result.js';
import { bars } from '../charts/bars.js';
import { counted, percent } from '../format.js';
import { type Html, html, sample } from '../html.js';
import { figureOf, section } from '../parts.js';

/** The same task without any training on it. */
export function prompting({ prompting: scores, samples }: DemoResult): Html {
  const { zeroShot, fewShot, shots, chance } = scores;
  const drawing = bars(
    [
      { label: 'Guessing', share: chance, value: percent(chance), kind: 'older' },
      { label: 'Only the question', share: zeroShot, value: percent(zeroShot), kind: 'gpt' },
      { label: `After ${counted(shots, 'solved example')}`, share: fewShot, value: percent(fewShot), kind: 'gpt' },
    ],
    'Accuracy of prompting',
  );
  const lead = html`The same task, put to the pretrained GPT as a text to continue, with nothing learned for it. Large models are good at this; how far one as small as this comes is seen here.`;
  const shown = samples.prompting.map(
    ({ prompt, expected, answer }) => html`
<li class="card"><pre class="prompt">${sample(prompt)}</pre>
<p class="verdict ${answer === expected ? 'right' : 'wrong'}">${answer === expected ? 'Right' : 'Wrong'}: GPT answers <em>${sample(answer)}</em>${answer !== expected && html`, expected <em>${sample(expected)}</em>`}.</p></li>`,
  );
  return section(
    'prompting',
    'Asking without training',
    lead,
    html`${figureOf(drawing, 'Accuracy; a full bar would be all answers right.')}${shown.length > 0 && html`<ul class="cards">${shown}</ul>`}`,
  );
}
