import { TokenizerError } from '../errors.js';
import { codeAt, type Utf8Buffer } from './utf8-buffer.js';
import type { WordEncoder, WordTokens } from './word-encoder.js';
import {
  SCAN_DONE,
  SCAN_FROM,
  SCAN_KIND,
  SCAN_LENGTH,
  SCAN_MULTIPLIERS,
  SCAN_POOLED,
  SCAN_POSITION,
  SCAN_RULES,
  SCAN_SHIFT,
  SCAN_STATES,
  SCAN_TO,
  SCAN_TOKENS,
  SCAN_UNIT,
  SCAN_WORD_UNIT,
  SCAN_WORDS,
  type ScanPlan,
  scanning,
  type WordScanner,
} from './word-scanner.js';

/**
 * From now on new tokenizers have their words found by a scanner, where they divide text as GPT-2 or BERT do; what they give
 * is the same. For the thread it is called in. Tokenizers that exist stay as they are.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID`, here or when it is asked, where there is something else
 * @param find called when the first such tokenizer is made; where it gives none, and without it, there is no scanner
 */
export function useWordScanner(find?: () => WordScanner | undefined): void {
  if (find !== undefined && typeof find !== 'function') {
    throw invalid('useWordScanner: expected a function that gives a scanner.');
  }
  let scanner: WordScanner | undefined;
  let asked = false;
  scanning.encoderOf =
    find &&
    ((plan, words) => {
      if (!asked) scanner = find();
      asked = true;
      if (scanner !== undefined && typeof scanner.scanWords !== 'function') {
        throw invalid('useWordScanner: what was given finds no scanner: it has no function scanWords.');
      }
      if (scanner === undefined) return undefined;
      const scanned = new ScannedWords(scanner, plan, words);
      return (text, tracked, out) => {
        if (text.length > plan.densest * text.source.length) return false;
        scanned.encode(text, tracked, out);
        return true;
      };
    });
}

function invalid(message: string): TokenizerError {
  return new TokenizerError('TOKENIZER_OPTION_INVALID', message);
}

/** Has a scanner do a text, and does itself what the scanner does not know. */
export class ScannedWords {
  readonly #scanner: WordScanner;
  readonly #plan: ScanPlan;
  readonly #words: WordEncoder;
  readonly #state = new Int32Array(SCAN_STATES);

  constructor(scanner: WordScanner, plan: ScanPlan, words: WordEncoder) {
    this.#scanner = scanner;
    this.#plan = plan;
    this.#words = words;
    this.#state[SCAN_RULES] = plan.rules;
    this.#state.set(words.table.multipliers, SCAN_MULTIPLIERS);
  }

  /** The tokens of all words. `tracked`: with places. */
  encode(text: Utf8Buffer, tracked: boolean, out: WordTokens): void {
    const state = this.#state;
    // Each word's tokens are written three at a time.
    out.begin(text.length + 4, text.length, tracked);
    out.words = 0;
    state[SCAN_LENGTH] = text.length;
    state[SCAN_POSITION] = 0;
    state[SCAN_UNIT] = 0;
    for (;;) {
      state[SCAN_TOKENS] = out.count;
      state[SCAN_WORDS] = out.words;
      const stop = this.#scan(text, tracked, out);
      out.count = state[SCAN_TOKENS];
      out.words = state[SCAN_WORDS];
      if (stop === SCAN_DONE) return;
      const from = state[SCAN_FROM];
      const unit = state[SCAN_WORD_UNIT];
      if (stop === SCAN_KIND) this.#plan.learn!(codeAt(text.bytes, from));
      else if (stop === SCAN_POOLED) this.#words.takePooled(from, unit, out);
      else this.#words.encodeMissing(text, from, state[SCAN_TO], unit, tracked, out);
    }
  }

  #scan({ bytes }: Utf8Buffer, tracked: boolean, { ids, records }: WordTokens): number {
    const state = this.#state;
    const { kinds } = this.#plan;
    const { entries, pool, shift } = this.#words.table;
    state[SCAN_SHIFT] = shift;
    return tracked
      ? this.#scanner.scanWords(state, bytes, kinds, entries, pool, ids, records)
      : this.#scanner.scanWords(state, bytes, kinds, entries, pool, ids);
  }
}
