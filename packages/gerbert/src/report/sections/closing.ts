import type { DemoResult } from '../../demo/result.js';
import { type Html, html } from '../html.js';

/** What was written where. */
export function closing({ files, seed }: DemoResult): Html {
  const written = Object.entries(files);
  return html`
<footer>
${
  written.length > 0 &&
  html`<h2>Files</h2>
<dl class="files">${written.map(([kind, path]) => html`<div><dt>${kind}</dt><dd><code>${path}</code></dd></div>`)}</dl>`
}
<p>The same command with seed ${seed} on the same device gives the same figures. This page needs no network: it holds all it shows.</p>
</footer>`;
}
