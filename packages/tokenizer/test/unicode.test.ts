import { expect, test } from 'vitest';
import { BERT_CLASSES, CONTROL, NONSPACING_MARK, PUNCTUATION } from '../src/unicode/bert-classes.js';
import * as spans from '../src/unicode/class-runs.js';
import { CLASSES, LETTER, NUMBER, SPACE } from '../src/unicode/classes.js';
import { COMBINING_MARK, markClasses } from '../src/unicode/marks.js';
import { compose } from '../src/unicode/normal.js';
import { numbersOf } from '../src/unicode/runs.js';
import { ANY_SCRIPT, scriptOf } from '../src/unicode/scripts.js';
import { WORD, wordClasses } from '../src/unicode/word-classes.js';

test('scripts are equal or not as the UnicodeScripts pre-tokenizer has it', () => {
  const of = (character: string): number => scriptOf(character.codePointAt(0)!);
  expect(of(' ')).toBe(ANY_SCRIPT);
  expect(of('a')).not.toBe(ANY_SCRIPT);
  expect(of('a')).toBe(of('é'));
  expect(of('a')).not.toBe(of('я'));
  expect(new Set([...'東どドー𠀀'].map(of)).size).toBe(1);
  expect(of('東')).not.toBe(of('한'));
  expect(of('.')).toBe(of('1'));
});

test('pairs compose as the library knows them', () => {
  expect(compose(0x61, 0x301)).toBe(0xe1);
  expect(compose(0x1ea1, 0x302)).toBe(0x1ead);
  // What the engine makes of â and a dot below is put together of ạ and a circumflex.
  expect(compose(0xe2, 0x323)).toBe(0);
  expect(compose(0x1100, 0x1161)).toBe(0xac00);
  expect(compose(0xac00, 0x11a8)).toBe(0xac01);
  expect(compose(0xac00, 0x11a7)).toBe(0);
  expect(compose(0xac01, 0x11a8)).toBe(0);
  // Younger than the library's tables.
  expect(compose(0x11935, 0x11930)).toBe(0);
});

test.each([
  ['LETTER', CLASSES, LETTER, spans.LETTER_SPANS],
  ['NUMBER', CLASSES, NUMBER, spans.NUMBER_SPANS],
  ['SPACE', CLASSES, SPACE, spans.SPACE_SPANS],
  ['SPACE of BERT', BERT_CLASSES, SPACE, spans.SPACE_SPANS],
  ['PUNCTUATION', BERT_CLASSES, PUNCTUATION, spans.PUNCTUATION_SPANS],
  ['CONTROL', BERT_CLASSES, CONTROL, spans.CONTROL_SPANS],
  ['NONSPACING_MARK', BERT_CLASSES, NONSPACING_MARK, spans.NONSPACING_MARK_SPANS],
  ['SPACE of words', wordClasses(), SPACE, spans.SPACE_SPANS],
  ['WORD', wordClasses(), WORD, spans.WORD_SPANS],
  ['COMBINING_MARK', markClasses(), COMBINING_MARK, spans.COMBINING_MARK_SPANS],
])('the table has what the spans of %s say', (_, table, bit, code) => {
  const found: number[] = [];
  let since = 0;
  let inside = 0;
  for (let at = 0; at <= table.length; at++) {
    if ((table[at] & bit) === inside) continue;
    inside = table[at] & bit;
    found.push(at - since);
    since = at;
  }
  expect(found).toEqual(numbersOf(code));
});
