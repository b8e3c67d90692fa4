import { BertNormalizer } from '../normalizers/bert.js';
import { LowercaseNormalizer } from '../normalizers/lowercase.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { StripAccentsNormalizer } from '../normalizers/strip-accents.js';
import { UnicodeFormNormalizer } from '../normalizers/unicode-form.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert.js';
import { ByteLevelPreTokenizer } from '../pre-tokenizers/byte-level.js';
import { gpt2PretokenEnd } from '../pre-tokenizers/gpt2-scanner.js';
import { Pieces, type PreTokenizer } from '../pre-tokenizers/pre-tokenizer.js';
import { WhitespacePreTokenizer, WhitespaceSplitPreTokenizer } from '../pre-tokenizers/whitespace.js';
import { AlignedText } from '../text/aligned-text.js';
import { byteCharacterCode, forUtf8 } from '../text/byte-alphabet.js';
import { IntList } from '../text/int-list.js';
import { wellFormed } from '../unicode/well-formed.js';
import type { CountedWords, WordTable } from './word-table.js';

/** Divides a text into words, some of it at a time. */
export interface WordSplitter {
  /** The text that `split` is to be given. */
  prepare(text: string): string;
  /** Counts the words from `from` on, of about `budget` units; returns where it stopped. */
  split(text: string, from: number, budget: number, words: WordTable): number;
  /** What is to be done to the distinct words at the end; nothing where undefined. */
  finish?(words: CountedWords): CountedWords;
}

/** The first place from `from` on where white space begins that no normalizer removes. */
function safeCut(text: string, from: number): number {
  for (let i = Math.max(1, from); i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b && code !== 0x0c)) return i;
  }
  return text.length;
}

/** Whether the normalizer makes the same of a text as of its parts, cut before a space, tab or end of line. */
function cutsBeforeSpace(normalizer: Normalizer | undefined): boolean {
  return (
    normalizer === undefined ||
    normalizer instanceof BertNormalizer ||
    normalizer instanceof LowercaseNormalizer ||
    normalizer instanceof StripAccentsNormalizer ||
    normalizer instanceof UnicodeFormNormalizer
  );
}

/** Whether the pre-tokenizer drops white space and looks at nothing across it. */
function dropsSpace(preTokenizer: PreTokenizer | undefined): boolean {
  return (
    preTokenizer instanceof BertPreTokenizer ||
    preTokenizer instanceof WhitespacePreTokenizer ||
    preTokenizer instanceof WhitespaceSplitPreTokenizer
  );
}

/** Any pipeline. Long texts are cut at white space where that provably changes nothing; else they are divided whole. */
function pipelineSplitter(normalizer: Normalizer | undefined, preTokenizer: PreTokenizer | undefined): WordSplitter {
  const cut = cutsBeforeSpace(normalizer) && dropsSpace(preTokenizer);
  return {
    prepare: (text) => text,
    split(text, from, budget, words) {
      const to = cut ? safeCut(text, from + budget) : text.length;
      const part = from === 0 && to === text.length ? text : text.slice(from, to);
      const given = AlignedText.untracked(wellFormed(part));
      const whole = Pieces.whole(normalizer?.normalize(given) ?? given);
      const pieces = preTokenizer?.split(whole) ?? whole;
      const { data, length } = pieces.bounds;
      for (let i = 0; i < length; i += 2) words.add(pieces.text.text, data[i], data[i + 1]);
      return to;
    },
  };
}

/** What the BERT pipeline makes of ASCII. */
const WORD = 0;
const SPACE = 1;
const MARK = 2;
/** What is not white space and needs the normalizer: control characters, and all that is not ASCII. */
const OTHER = 3;

function bertKinds(): Uint8Array {
  const kinds = new Uint8Array(128).fill(WORD);
  for (let code = 0; code < 128; code++) {
    if (code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d) kinds[code] = SPACE;
    else if (code < 0x20 || code === 0x7f) kinds[code] = OTHER;
    else if (!/[0-9A-Za-z]/.test(String.fromCharCode(code))) kinds[code] = MARK;
  }
  return kinds;
}

/** BERT's pipeline, with the words between two white spaces taken directly where they are ASCII. */
function bertSplitter(normalizer: BertNormalizer, preTokenizer: BertPreTokenizer): WordSplitter {
  const kinds = bertKinds();
  const lower = Uint8Array.from({ length: 128 }, (_, code) =>
    normalizer.options.lowercase && code >= 0x41 && code <= 0x5a ? code + 0x20 : code,
  );
  const general = pipelineSplitter(normalizer, preTokenizer);
  /** Counts what stands before the next white space from `from` on; returns where that is. */
  const segment = (text: string, from: number, words: WordTable): number => {
    let start = from;
    for (let i = from; ; i++) {
      const code = i < text.length ? text.charCodeAt(i) : 0x20;
      const kind = code < 128 ? kinds[code] : OTHER;
      if (kind === WORD) continue;
      if (kind === OTHER) return general.split(text, start, i - start, words);
      if (i > start) words.addAscii(text, start, i, lower);
      if (kind === SPACE) return i;
      words.addAscii(text, i, i + 1, lower);
      start = i + 1;
    }
  };
  return {
    prepare: (text) => text,
    split(text, from, budget, words) {
      const stop = from + budget;
      let at = from;
      while (at < text.length && at < stop) at = segment(text, at, words) + 1;
      return Math.min(at, text.length);
    },
  };
}

/** The words in the byte alphabet. No two words become the same. */
function toBytes(words: CountedWords): CountedWords {
  const { size, units, starts, counts } = words;
  const spelt = new IntList(starts[size] + 16);
  const put = (byte: number) => spelt.push(byteCharacterCode(byte));
  const ends = new Int32Array(size + 1);
  for (let w = 0; w < size; w++) {
    for (let i = starts[w]; i < starts[w + 1]; i++) {
      const unit = units[i];
      if (unit < 0x80) put(unit);
      else if (unit >= 0xd800 && unit < 0xdc00) forUtf8(0x10000 + ((unit - 0xd800) << 10) + units[++i] - 0xdc00, put);
      else forUtf8(unit, put);
    }
    ends[w + 1] = spelt.length;
  }
  return { size, units: Uint16Array.from(spelt.toArray()), starts: ends, counts };
}

/** GPT-2's pretokens; the byte alphabet is put on when they are counted. Long texts are divided anywhere between two. */
function gpt2Splitter(addPrefixSpace: boolean): WordSplitter {
  return {
    prepare(text) {
      const whole = wellFormed(text);
      return addPrefixSpace && whole !== '' && whole.charCodeAt(0) !== 0x20 ? ` ${whole}` : whole;
    },
    split(text, from, budget, words) {
      const stop = from + budget;
      let at = from;
      while (at < text.length && at < stop) {
        const end = gpt2PretokenEnd(text, at, text.length);
        words.add(text, at, end);
        at = end;
      }
      return at;
    },
    finish: toBytes,
  };
}

/** The words that the pipeline hands to its model, text by text. */
export function wordSplitter(normalizer: Normalizer | undefined, preTokenizer: PreTokenizer | undefined): WordSplitter {
  if (normalizer === undefined && preTokenizer instanceof ByteLevelPreTokenizer && preTokenizer.options.useRegex) {
    return gpt2Splitter(preTokenizer.options.addPrefixSpace);
  }
  if (normalizer instanceof BertNormalizer && preTokenizer instanceof BertPreTokenizer) {
    return bertSplitter(normalizer, preTokenizer);
  }
  return pipelineSplitter(normalizer, preTokenizer);
}
