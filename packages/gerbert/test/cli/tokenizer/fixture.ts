import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@gerbert/tokenizer';
import { temporaryFolder } from '../harness.js';

const words = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'who',
  'wrote',
  'it',
  '?',
  'mary',
  'the',
  'letter',
  '##s',
  '😀',
  'ö',
];

/** A BERT tokenizer of a few words, as a file that the end of the test removes. Ids are places in `words`. */
export function bertFile(changes: object = {}): string {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: false,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
    ...changes,
  };
  // That it is one.
  Tokenizer.fromJSON(tokenizer);
  const file = path.join(temporaryFolder(), 'tokenizer.json');
  writeFileSync(file, JSON.stringify(tokenizer));
  return file;
}

/** Lines of JSON as values. */
export function valuesOf(lines: string): unknown[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
