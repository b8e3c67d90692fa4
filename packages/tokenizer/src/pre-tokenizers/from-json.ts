import { readComponent } from '../json/component.js';
import { type Fields, type Json, malformed } from '../json/fields.js';
import { BertPreTokenizer } from './bert.js';
import { ByteLevelPreTokenizer, readByteLevel } from './byte-level.js';
import { CharDelimiterSplitPreTokenizer } from './delimiter.js';
import { DigitsPreTokenizer } from './digits.js';
import { FixedLengthPreTokenizer } from './fixed-length.js';
import { MetaspacePreTokenizer } from './metaspace.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { PunctuationPreTokenizer } from './punctuation.js';
import { SequencePreTokenizer } from './sequence.js';
import { SplitPreTokenizer } from './split.js';
import { UnicodeScriptsPreTokenizer } from './unicode-scripts.js';
import { WhitespacePreTokenizer, WhitespaceSplitPreTokenizer } from './whitespace.js';

function readSequence(fields: Fields): PreTokenizer {
  return new SequencePreTokenizer(
    fields.list('pretokenizers').map((json) => {
      const preTokenizer = readPreTokenizer(json);
      if (preTokenizer === undefined)
        throw malformed(`${fields.where}.pretokenizers`, 'expected an object, found null');
      return preTokenizer;
    }),
  );
}

const READERS = new Map<string, (fields: Fields) => PreTokenizer>([
  ['BertPreTokenizer', () => new BertPreTokenizer()],
  ['ByteLevel', (fields) => new ByteLevelPreTokenizer(readByteLevel(fields))],
  ['CharDelimiterSplit', CharDelimiterSplitPreTokenizer.read],
  ['Digits', DigitsPreTokenizer.read],
  ['FixedLength', FixedLengthPreTokenizer.read],
  ['Metaspace', MetaspacePreTokenizer.read],
  ['Punctuation', PunctuationPreTokenizer.read],
  ['Split', SplitPreTokenizer.read],
  ['UnicodeScripts', () => new UnicodeScriptsPreTokenizer()],
  ['Whitespace', () => new WhitespacePreTokenizer()],
  ['WhitespaceSplit', () => new WhitespaceSplitPreTokenizer()],
  ['Sequence', readSequence],
]);

export function readPreTokenizer(json: Json | undefined): PreTokenizer | undefined {
  return readComponent(json, 'pre_tokenizer', READERS);
}
