import { expect, test } from 'vitest';
import type { Json } from '../src/json/fields.js';
import { readNormalizer } from '../src/normalizers/from-json.js';
import { readPreTokenizer } from '../src/pre-tokenizers/from-json.js';
import { Pieces } from '../src/pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from '../src/text/aligned-text.js';
import { golden } from './goldens.js';

interface Components {
  texts: string[];
  cases: { normalizer: Json; preTokenizer: Json; rows: [pieces: string[], spans: number[]][] }[];
}

const { texts, cases } = golden<Components>('components');

function pieces(text: string, normalizer: Json, preTokenizer: Json): [string[], number[]] {
  const aligned = AlignedText.of(text);
  const normal = readNormalizer(normalizer)?.normalize(aligned) ?? aligned;
  const divided = readPreTokenizer(preTokenizer)!.split(Pieces.whole(normal));
  const words: string[] = [];
  const spans: number[] = [];
  for (let i = 0; i < divided.bounds.length; i += 2) {
    const [from, to] = [divided.bounds.data[i], divided.bounds.data[i + 1]];
    words.push(divided.text.text.slice(from, to));
    spans.push(divided.text.start(from), divided.text.end(to - 1));
  }
  return [words, spans];
}

test.each(cases.map((c) => [JSON.stringify(c.normalizer), JSON.stringify(c.preTokenizer), c] as const))(
  'pieces of %s and %s as the Rust library has them',
  (_n, _p, { normalizer, preTokenizer, rows }) => {
    texts.forEach((text, i) => {
      expect(pieces(text, normalizer, preTokenizer), JSON.stringify(text)).toEqual(rows[i]);
    });
  },
);
