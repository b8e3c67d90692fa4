/** Abbreviations that end in a full stop without ending a sentence. */
const abbreviations = new Set(
  (
    'mr mrs ms dr st hon rev gen col capt lieut lt maj sgt gov sen rep messrs jr sr no nos vol art sec secs fig vs viz etc ' +
    'jan feb mar apr jun jul aug sept oct nov dec inst ult prox a.m p.m u.s u.k u.n d.c'
  ).split(' '),
);

/** A stop with what may close a quotation behind it, then space and something that can begin a sentence; or a full-width stop. */
const boundary = /(?<=[.!?]["”’')\]]*)\s+(?=["“‘'([]*[\p{Lu}\p{N}])|(?<=[。！？]["”’』」）]*)(?!["”’』」）])/gu;

/**
 * Splits running text into sentences: at . ! ? before a space and a capital (not after an initial or a known abbreviation), and at 。！？.
 * Empty sentences do not come out.
 *
 * @example sentencesOf('Mr. Adams rose. He spoke.') // ['Mr. Adams rose.', 'He spoke.']
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let held = '';
  for (const piece of text.split(boundary)) {
    held = held === '' ? piece : `${held} ${piece}`;
    if (endsInAbbreviation(held)) continue;
    sentences.push(held);
    held = '';
  }
  sentences.push(held);
  return sentences.map((sentence) => sentence.replace(/\s+/gu, ' ').trim()).filter((sentence) => sentence !== '');
}

function endsInAbbreviation(text: string): boolean {
  const last = /(\S+)\.$/u.exec(text.slice(-24))?.[1]?.replace(/^["“‘'([]+/u, '');
  if (last === undefined) return false;
  return /^\p{Lu}$/u.test(last) || abbreviations.has(last.toLowerCase());
}
