/** Markup that is safe to put into a page. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a template: text is escaped, markup is not, lists are joined, and nothing is nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** Markup from a template; everything put into it is escaped unless it is markup already. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(parts.reduce((markup, part, i) => markup + render(contents[i - 1]) + part));
}

/** Markup that this package wrote itself, such as a style sheet. Never for text of users or models. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

export function render(content: Content): string {
  if (content instanceof Html) return content.markup;
  if (content === undefined || content === false) return '';
  if (typeof content === 'object') return content.map(render).join('');
  return escapeHtml(String(content));
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** `text` for an element's content or a quoted attribute. What HTML cannot hold (control characters) becomes U+FFFD. */
export function escapeHtml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
  return printable.replace(/[&<>"']/g, (character) => entities.get(character)!);
}

/** A value as JSON that may stand inside a `<script>` element, whatever strings are in it. */
export function scriptJson(value: unknown): Html {
  const json = JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return new Html(json);
}

/** Text of a corpus or a model: in quotes of its own language and direction. */
export function sample(text: string): Html {
  const language = /\p{Script=Han}/u.test(text) ? html` lang="zh"` : '';
  return html`<span class="sample" dir="auto"${language}>${text}</span>`;
}
