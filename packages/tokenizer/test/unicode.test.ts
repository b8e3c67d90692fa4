import { expect, test } from 'vitest';
import { compose } from '../src/unicode/normal.js';
import { ANY_SCRIPT, scriptOf } from '../src/unicode/scripts.js';

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
