import { Fields, type Json, type JsonObject } from '../json/fields.js';
import { checkFlag, checkOptions, checkText } from '../options.js';

/** A token that is found in the text before the model sees it. */
export interface AddedToken {
  readonly content: string;
  /** Left out of decoded text where the caller asks for that. */
  readonly special: boolean;
  /** Only where no word character stands next to it. */
  readonly singleWord: boolean;
  /** Takes the white space before it. */
  readonly lstrip: boolean;
  /** Takes the white space behind it. */
  readonly rstrip: boolean;
  /** Is normalized itself and looked for in the normalized text; otherwise in the text as given. */
  readonly normalized: boolean;
}

/** What `addTokens` takes: a text, or one with properties. */
export type AddedTokenInput = string | ({ readonly content: string } & Partial<Omit<AddedToken, 'special'>>);

/** @throws TokenizerError `TOKENIZER_INPUT_INVALID` where there is no text, or a property is neither true nor false. */
export function completeToken(input: AddedTokenInput, special: boolean): AddedToken {
  const given = typeof input === 'object' && input !== null ? input : { content: input };
  checkText(given.content, 'added token');
  checkOptions(given, ['content', 'singleWord', 'lstrip', 'rstrip', 'normalized'], 'added token');
  for (const key of ['singleWord', 'lstrip', 'rstrip', 'normalized'] as const) {
    if (given[key] !== undefined) checkFlag(given[key], `added token: ${key}`);
  }
  return {
    content: given.content,
    special,
    singleWord: given.singleWord ?? false,
    lstrip: given.lstrip ?? false,
    rstrip: given.rstrip ?? false,
    normalized: given.normalized ?? !special,
  };
}

export function readAddedToken(json: Json, where: string): { id: number; token: AddedToken } {
  const fields = new Fields(json, where);
  const id = fields.count('id');
  const token = {
    content: fields.string('content'),
    singleWord: fields.boolean('single_word'),
    lstrip: fields.boolean('lstrip'),
    rstrip: fields.boolean('rstrip'),
    normalized: fields.boolean('normalized'),
    special: fields.boolean('special'),
  };
  fields.done();
  return { id, token };
}

/** Whether two tokens are alike in everything. */
export function sameToken(a: AddedToken, b: AddedToken): boolean {
  return (
    a.content === b.content &&
    a.special === b.special &&
    a.singleWord === b.singleWord &&
    a.lstrip === b.lstrip &&
    a.rstrip === b.rstrip &&
    a.normalized === b.normalized
  );
}

export function writeAddedToken(id: number, token: AddedToken): JsonObject {
  return {
    id,
    content: token.content,
    single_word: token.singleWord,
    lstrip: token.lstrip,
    rstrip: token.rstrip,
    normalized: token.normalized,
    special: token.special,
  };
}
