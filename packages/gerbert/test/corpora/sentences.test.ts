import { describe, expect, it } from 'vitest';
import { sentencesOf } from '../../src/corpora/sentences.js';

describe('sentencesOf', () => {
  it.each([
    [
      'at stops before a capital',
      'He rose. She spoke! Why? 12 men left.',
      ['He rose.', 'She spoke!', 'Why?', '12 men left.'],
    ],
    [
      'not before a small letter',
      'It cost 5 cts. a day, or 3. 14 in all.',
      ['It cost 5 cts. a day, or 3.', '14 in all.'],
    ],
    [
      'not after titles and initials',
      'Mr. J. Q. Adams met Gen. Lee. He left.',
      ['Mr. J. Q. Adams met Gen. Lee.', 'He left.'],
    ],
    [
      'after an initial only before a word that begins sentences',
      'As in Plan B. The end.',
      ['As in Plan B.', 'The end.'],
    ],
    [
      'inside and after the U.S.',
      'The U.S. Army won in the U.S. It left.',
      ['The U.S. Army won in the U.S.', 'It left.'],
    ],
    [
      'with numbers of articles and lists',
      'See art. II. and No. 5 first. 1. Go. No. We stay.',
      ['See art. II. and No. 5 first.', '1. Go.', 'No.', 'We stay.'],
    ],
    [
      'behind closing quotation marks',
      '"Stop." “Why?” (He left.) So be it.',
      ['"Stop."', '“Why?”', '(He left.)', 'So be it.'],
    ],
    [
      'at decimals and dates not',
      'It rose 2.5 percent by Feb. 12, 1865. Then it fell.',
      ['It rose 2.5 percent by Feb. 12, 1865.', 'Then it fell.'],
    ],
    ['between paragraphs', 'CHAPTER 1. Loomings\n\ncall me\nIshmael.', ['CHAPTER 1.', 'Loomings', 'call me Ishmael.']],
    [
      'at full-width stops, with what closes them',
      '他说：“走吧！”她没有走。为什么？！因为下雨……',
      ['他说：“走吧！”', '她没有走。', '为什么？！', '因为下雨……'],
    ],
    ['of nothing into nothing', ' \n\n ', []],
  ])('splits %s', (_, text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  it('loses and adds nothing but white space', () => {
    const text = 'A. B? "C!" 1. d. Mr. E. F. 他。“好！” U.S. The end...  No. 7.\n\n\nX';
    expect(sentencesOf(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });
});
