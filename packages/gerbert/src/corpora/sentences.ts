const words = (list: string) => new Set(list.split(' '));

/** Abbreviations before a name: no sentence ends in one. */
const titles = words('mr mrs ms dr st hon rev gen col capt lieut lt maj sgt gov sen rep messrs vs viz prof mme mlle');
/** Abbreviations before a number: before anything else they are words, or end a sentence. */
const counters = words(
  'no nos art arts sec secs fig figs vol vols p pp jan feb mar apr jun jul aug sept oct nov dec chap',
);
/** Abbreviations that stand inside a sentence as often as at its end. */
const ambiguous = words('jr sr etc co inst ult prox a.m p.m u.s u.k u.n d.c b.c a.d i.e e.g');
/** Words that, capitalised after such an abbreviation or an initial, begin a sentence. */
const starters = words(
  'the this these those that it its in on at of to for from by with we our us you your he his she her they their there here but and or nor so ' +
    'yet if as when while since because although though after before under upon all such no not now then thus what who how why a an i my some any ' +
    'each every both many most much more one two let',
);

/**
 * Where a sentence may end: at . ! ? and what closes a quotation, before a space and something that can begin a sentence; at a full-width stop; at
 * an empty line.
 */
const boundary =
  /(?<=[.!?]["”’')\]]*)\s+(?=["“‘'([]*[\p{Lu}\p{N}])|(?<=[。！？…]["”’』」）]*)(?!["”’』」）。！？…])|\s*\n\s*\n\s*/gu;

/**
 * Splits running text into sentences: at . ! ? before a space and a capital or digit, but for abbreviations, initials and the numbers of lists; at
 * 。！？…; and between paragraphs. White space within a sentence becomes one space; empty sentences do not come out.
 *
 * @example sentencesOf('Mr. Adams rose. He spoke.') // ['Mr. Adams rose.', 'He spoke.']
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const { 0: gap, index } of text.matchAll(boundary)) {
    const next = index + gap.length;
    const paragraph = /\n\s*\n/u.test(gap);
    if (!paragraph && goesOn(text.slice(start, index), text.slice(next, next + 16))) continue;
    sentences.push(text.slice(start, index));
    start = next;
  }
  sentences.push(text.slice(start));
  return sentences.map((sentence) => sentence.replace(/\s+/gu, ' ').trim()).filter((sentence) => sentence !== '');
}

/** Whether the stop at the end of `before` ends no sentence. */
function goesOn(before: string, after: string): boolean {
  // The number of a list belongs to what it counts.
  if (/^\s*["“‘'([]*(\d{1,3}|[IVXL]+|[A-Za-z])[.)]+$/u.test(before)) return true;
  const last = /(\S+)\.$/u.exec(before.slice(-24))?.[1]?.replace(/^["“‘'([]+/u, '');
  if (last === undefined) return false;
  const word = last.toLowerCase();
  if (titles.has(word)) return true;
  if (counters.has(word)) return /^\d|^[IVXL]+[.,;:)]/u.test(after);
  if (!ambiguous.has(word) && !/^\p{Lu}$/u.test(last)) return false;
  const next = /^["“‘'([]*(\p{L}+)[\s,’']/u.exec(after)?.[1];
  return next === undefined || !starters.has(next.toLowerCase());
}
