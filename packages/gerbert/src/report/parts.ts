import { type Content, type Html, html } from './html.js';

/** A section of the page. `lead`: what is shown, and how to read it. */
export function section(id: string, title: string, lead: Content, body: Content): Html {
  return html`
<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="lead">${lead}</p>
${body}
</section>`;
}

/** A drawing with its caption. */
export function figureOf(drawing: Content, caption: Content): Html {
  return html`<figure>${drawing}<figcaption>${caption}</figcaption></figure>`;
}

export interface Row {
  head: Content;
  cells: readonly Content[];
  /** Stands out. */
  own?: boolean;
}

/** A table of numbers: the first column names the rows. It scrolls sideways, by keyboard too, where it is too wide. */
export function dataTable(caption: string, head: readonly Content[], rows: readonly Row[]): Html {
  return html`
<div class="table" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ head: name, cells, own }) => html`
<tr${own ? html` class="own"` : ''}><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
  )}</tbody>
</table></div>`;
}

/** What stands where a run gave nothing to show. */
export function nothing(what: string): Html {
  return html`<p class="empty">${what}</p>`;
}
