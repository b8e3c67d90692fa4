import { TokenizerError } from '../errors.js';
import { AlignedBuilder, type AlignedText } from './aligned-text.js';

/**
 * Rewrites a text from its beginning to its end, character by character, as `NormalizedString::transform` of the Rust library
 * does: every character written replaces the next one of the source, or is new and then stands for what the character
 * before stands for. Units at the beginning that stand for nothing (`AlignedText.lead`) are out of its reach: they stay, and
 * what is written begins behind them. (So the library has it, and mostly fails then; see `replace`.)
 */
export class Transform {
  readonly #source: AlignedText;
  readonly #out: AlignedBuilder;
  #at: number;
  /** Where the character before begins; -1 where it must be looked up. */
  #before = -1;

  constructor(source: AlignedText) {
    this.#source = source;
    this.#out = new AlignedBuilder(source);
    this.#at = source.lead;
    if (source.lead > 0) this.#out.copy(0, source.lead);
  }

  /** A transform where nothing may be left out, because the text begins with units that stand for nothing. */
  static forced(source: AlignedText): Transform | undefined {
    return source.lead > 0 ? new Transform(source) : undefined;
  }

  /** A transform that has kept the units before `kept`. */
  static keeping(source: AlignedText, kept: number): Transform {
    const transform = new Transform(source);
    transform.keep(0, kept);
    return transform;
  }

  /**
   * Writes `code` for the next character.
   * @throws TokenizerError `TOKENIZER_NORMALIZATION_IMPOSSIBLE` where there is none: after a normalizer that put something
   * before the text without a character to take it from. The Rust library panics there.
   */
  replace(code: number): void {
    const from = this.#at;
    this.#pass();
    this.#out.point(code, from, this.#at);
  }

  /** Writes `code`, which stands for what the character before the place reached stands for. */
  insert(code: number): void {
    const at = this.#at;
    if (at === 0) {
      this.#out.putNowhere(String.fromCodePoint(code));
      return;
    }
    if (this.#before < 0) {
      const unit = this.#source.text.charCodeAt(at - 1);
      this.#before = unit >= 0xdc00 && unit <= 0xdfff ? at - 2 : at - 1;
    }
    this.#out.point(code, this.#before, at);
  }

  /** Leaves out the next `count` characters, as far as there are any. */
  drop(count: number): void {
    for (let k = 0; k < count && this.#at < this.#source.text.length; k++) this.#pass();
  }

  /** Writes `code` as the library's iterators tell it: positive `change` inserts, else it replaces and skips `-change`. */
  write(code: number, change: number): void {
    if (change > 0) {
      this.insert(code);
      return;
    }
    this.replace(code);
    if (change < 0) this.drop(-change);
  }

  /** Writes the source's units `from` to `to` for the next characters; these are the same units but where something lags. */
  keep(from: number, to: number): void {
    if (from === to) return;
    if (this.#at === from) {
      this.#out.copy(from, to);
      this.#at = to;
      this.#before = -1;
      return;
    }
    const { text } = this.#source;
    for (let i = from; i < to; ) {
      const code = text.codePointAt(i)!;
      this.replace(code);
      i += code > 0xffff ? 2 : 1;
    }
  }

  finish(): AlignedText {
    return this.#out.finish();
  }

  #pass(): void {
    const { text } = this.#source;
    if (this.#at >= text.length) {
      const message =
        'a normalizer follows one that puts something before the text (Replace of an empty match, Prepend of nothing) and ' +
        'finds no character to replace, where the Rust library panics; put the one that inserts last.';
      throw new TokenizerError('TOKENIZER_NORMALIZATION_IMPOSSIBLE', message);
    }
    this.#before = this.#at;
    this.#at += (text.charCodeAt(this.#at) & 0xfc00) === 0xd800 ? 2 : 1;
  }
}
