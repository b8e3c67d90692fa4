import { expect, test } from 'vitest';
import { Tokenizer, TokenizerError } from '../../src/index.js';
import { FROZEN } from './frozen.js';

test('all tests of this package run with frozen prototypes', () => {
  for (const prototype of FROZEN) expect(Object.isFrozen(prototype)).toBe(true);
  expect(() => {
    const object: { toString?: unknown } = {};
    object.toString = 1;
  }).toThrow(TypeError);
});

test('errors have their name all the same', () => {
  const error = new TokenizerError('TOKENIZER_OPTION_INVALID', 'no');
  expect([error.name, error.message, error.code]).toEqual(['TokenizerError', 'no', 'TOKENIZER_OPTION_INVALID']);
  expect(Object.keys(error)).not.toContain('message');
});

test('tokens called like what every object has', () => {
  const names = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__'];
  const vocab = JSON.stringify(['[UNK]', ...names].map((name, id) => [name, id]));
  const entries = JSON.parse(vocab) as [string, number][];
  const json = `{"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{${entries.map(([name, id]) => `"${name}":${id}`).join()}}},"pre_tokenizer":{"type":"WhitespaceSplit"},"added_tokens":[]}`;
  const tokenizer = Tokenizer.fromJSON(json);
  const text = [...names, 'isPrototypeOf'].join(' ');
  const expected = [1, 2, 3, 4, 5, 6, 0];
  expect([...tokenizer.encode(text).ids]).toEqual(expected);
  expect([...Tokenizer.fromJSON(JSON.stringify(tokenizer)).encodeIds(text)]).toEqual(expected);
  tokenizer.addTokens(['__proto__', 'isPrototypeOf']);
  expect([...tokenizer.encodeIds(text)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
