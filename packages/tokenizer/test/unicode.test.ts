import { expect, test } from 'vitest';
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
