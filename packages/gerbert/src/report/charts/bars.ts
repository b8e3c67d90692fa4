import { type Html, html } from '../html.js';

export interface Bar {
  label: Html | string;
  /** Of the longest bar, from 0 to 1. */
  share: number;
  /** What stands beside it. */
  value: string;
  /** The style's name of the colour. */
  kind: 'bert' | 'gpt' | 'older' | 'right';
}

/** Horizontal bars; a list for those who cannot see them. */
export function bars(all: readonly Bar[], label: string): Html {
  return html`<ul class="bars" aria-label="${label}">${all.map(bar)}</ul>`;
}

function bar({ label, share, value, kind }: Bar): Html {
  const width = Math.min(100, Math.max(0, 100 * share)).toFixed(2);
  return html`
<li><span class="bar-label">${label}</span><span class="bar-track" aria-hidden="true"><span class="bar ${kind}" style="width:${width}%"></span></span><span class="bar-value">${value}</span></li>`;
}
