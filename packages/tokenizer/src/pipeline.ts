import type { AddedVocabulary } from './added-tokens/added-vocabulary.js';
import { Encoding } from './encoding/encoding.js';
import type { FastEncoder } from './fast/fast-encoder.js';
import type { FastEncoderOf } from './fast/fast-encoder-of.js';
import { FirstUnits } from './fast/first-units.js';
import type { WordTokens } from './fast/word-encoder.js';
import { TokenSink } from './models/model.js';
import type { PipelineParts } from './pipeline-parts.js';
import { Pieces } from './pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from './text/aligned-text.js';
import { IntList } from './text/int-list.js';
import { wellFormed } from './unicode/well-formed.js';

/** What the pipeline reports, in order: pieces tokenized by the model, and added tokens. */
interface Receiver {
  /** `sink` holds the tokens of one piece of `text`. */
  piece(text: AlignedText, sink: TokenSink): void;
  /** Tokens of a stretch of the given text, with places that count from its unit `from`. */
  stretch(tokens: WordTokens, from: number): void;
  /** An added token that covers the units `from` to `to` of `text`. */
  added(text: AlignedText, from: number, to: number, id: number): void;
}

/** Text to tokens: added tokens, normalizer, added tokens again, pre-tokenizer, model. */
export class TextPipeline {
  readonly #parts: PipelineParts;
  readonly #added: AddedVocabulary;
  /** Does most texts at once. */
  readonly #fast: FastEncoder | undefined;
  readonly #sink = new TokenSink();
  /** How patterns of added tokens begin, and the matchers they were found in. */
  #firsts = { raw: new FirstUnits([]), normalized: new FirstUnits([]), of: undefined as unknown };

  /** `fast`: what finds a faster way for the parts; without it all is done the general way, with the same result. */
  constructor(parts: PipelineParts, added: AddedVocabulary, fast?: FastEncoderOf) {
    this.#parts = parts;
    this.#added = added;
    this.#fast = fast?.(parts);
  }

  /** `sequence`: 0 for the text, 1 for its pair; also the type id. */
  encode(text: string, sequence: 0 | 1, tokenOf: (id: number) => string | undefined): Encoding {
    const whole = this.#whole(text, true);
    if (whole !== undefined) {
      const places = whole.places();
      const ids = whole.ids.slice(0, whole.count);
      const source = { ids, spans: places.spans, words: places.words, text };
      return Encoding.fromTokens(source, sequence, tokenOf);
    }
    const ids = new IntList();
    const spans = new IntList();
    const words = new IntList();
    const surfaces = new Map<number, string>();
    const { surfaceId } = this.#parts.model;
    let word = 0;
    this.#run(text, true, {
      piece(aligned, sink) {
        for (let i = 0; i < sink.ids.length; i++) {
          if (sink.ids.data[i] === surfaceId && !sink.themselves.has(i)) {
            surfaces.set(ids.length, aligned.text.slice(sink.starts.data[i], sink.ends.data[i]));
          }
          ids.push(sink.ids.data[i]);
          spans.push2(aligned.start(sink.starts.data[i]), aligned.end(sink.ends.data[i] - 1));
          words.push(word);
        }
        word++;
      },
      stretch(tokens, from) {
        ids.append(tokens.ids, tokens.count);
        const places = tokens.places();
        for (const place of places.spans()) spans.push(from + place);
        const first = word;
        for (const one of places.words()) {
          words.push(first + one);
          word = first + one + 1;
        }
      },
      added(aligned, from, to, id) {
        const surface = aligned.text.slice(from, to);
        if (surface !== tokenOf(id)) surfaces.set(ids.length, surface);
        ids.push(id);
        spans.push2(aligned.start(from), aligned.end(to - 1));
        words.push(word++);
      },
    });
    const source = { ids: ids.toArray(), spans: spans.toArray(), words: words.toArray(), text, surfaces };
    return Encoding.fromTokens(source, sequence, tokenOf);
  }

  ids(text: string): Int32Array {
    const whole = this.#whole(text, false);
    if (whole !== undefined) return whole.ids.slice(0, whole.count);
    const ids = new IntList(Math.max(16, text.length >> 1));
    this.#run(text, this.#parts.preTokenizer?.needsOrigins === true, {
      piece(_, sink) {
        for (let i = 0; i < sink.ids.length; i++) ids.push(sink.ids.data[i]);
      },
      stretch(tokens) {
        ids.append(tokens.ids, tokens.count);
      },
      added(_text, _from, _to, id) {
        ids.push(id);
      },
    });
    return ids.toArray();
  }

  /** All tokens of a text in which no added token occurs; undefined where that is not certain or not fast. */
  #whole(text: string, tracked: boolean): WordTokens | undefined {
    const fast = this.#fast;
    if (fast === undefined || this.#beginnings().raw.mayOccur(text) || this.#normalizedMayOccur(text)) return undefined;
    return fast.encode(text, tracked);
  }

  /** Whether an added token may occur in what `text` is when normalized. */
  #normalizedMayOccur(text: string): boolean {
    const { normalized } = this.#beginnings();
    return this.#parts.normalizer === undefined ? normalized.mayOccur(text) : !normalized.empty;
  }

  #beginnings(): { raw: FirstUnits; normalized: FirstUnits } {
    const added = this.#added;
    // Matchers are made anew whenever tokens are added.
    if (this.#firsts.of !== added.raw) {
      const patterns = (normalized: boolean): string[] =>
        added.entries().flatMap(([id, token]) => (token.normalized === normalized ? [added.token(id)!] : []));
      this.#firsts = {
        raw: new FirstUnits(patterns(false)),
        normalized: new FirstUnits(patterns(true)),
        of: added.raw,
      };
    }
    return this.#firsts;
  }

  #run(given: string, tracked: boolean, receiver: Receiver): void {
    const text = wellFormed(given);
    const { raw, normalized } = this.#added;
    const whole = AlignedText.of(text);
    for (const outer of divide(raw, text)) {
      if (outer.id >= 0) {
        receiver.added(whole, outer.from, outer.to, outer.id);
        continue;
      }
      const part = text.slice(outer.from, outer.to);
      const fast = this.#fast;
      if (fast !== undefined && !this.#normalizedMayOccur(part)) {
        receiver.stretch(fast.encode(part, tracked), outer.from);
        continue;
      }
      const aligned = tracked ? AlignedText.of(part, outer.from) : AlignedText.untracked(part);
      const normal = this.#parts.normalizer?.normalize(aligned) ?? aligned;
      for (const inner of divide(normalized, normal.text)) {
        if (inner.id >= 0) receiver.added(normal, inner.from, inner.to, inner.id);
        else this.#runModel(normal, inner.from, inner.to, receiver);
      }
    }
  }

  #runModel(text: AlignedText, from: number, to: number, receiver: Receiver): void {
    const { preTokenizer, model } = this.#parts;
    const pieces = new Pieces(text);
    if (to > from) pieces.bounds.push2(from, to);
    const divided = preTokenizer?.split(pieces) ?? pieces;
    const { data, length } = divided.bounds;
    for (let i = 0; i < length; i += 2) {
      this.#sink.clear();
      model.tokenize(divided.text.text, data[i], data[i + 1], this.#sink);
      receiver.piece(divided.text, this.#sink);
    }
  }
}

function divide(matcher: AddedVocabulary['raw'], text: string): Iterable<{ from: number; to: number; id: number }> {
  return matcher.empty ? [{ from: 0, to: text.length, id: -1 }] : matcher.divide(text);
}
