import type { AddedVocabulary } from './added-tokens/added-vocabulary.js';
import { Encoding } from './encoding/encoding.js';
import { Bpe } from './models/bpe.js';
import { type Model, TokenSink } from './models/model.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { ByteLevelPreTokenizer } from './pre-tokenizers/byte-level.js';
import { gpt2PretokenEnd } from './pre-tokenizers/gpt2-scanner.js';
import { Pieces, type PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';
import { AlignedText } from './text/aligned-text.js';
import { IntList } from './text/int-list.js';
import { wellFormed } from './unicode/well-formed.js';

export interface PipelineParts {
  model: Model;
  normalizer?: Normalizer;
  preTokenizer?: PreTokenizer;
}

/** What the pipeline reports, in order: pieces tokenized by the model, and added tokens. */
interface Receiver {
  /** `sink` holds the tokens of one piece of `text`. */
  piece(text: AlignedText, sink: TokenSink): void;
  /** An added token that covers the units `from` to `to` of `text`. */
  added(text: AlignedText, from: number, to: number, id: number): void;
}

/** Text to tokens: added tokens, normalizer, added tokens again, pre-tokenizer, model. */
export class TextPipeline {
  readonly #parts: PipelineParts;
  readonly #added: AddedVocabulary;
  /** The byte-level model where text can go straight from the scanner to it. */
  readonly #direct: Bpe | undefined;
  readonly #sink = new TokenSink();

  constructor(parts: PipelineParts, added: AddedVocabulary) {
    this.#parts = parts;
    this.#added = added;
    this.#direct = directModel(parts);
  }

  /** `sequence`: 0 for the text, 1 for its pair; also the type id. */
  encode(text: string, sequence: 0 | 1, tokenOf: (id: number) => string | undefined): Encoding {
    const ids = new IntList();
    const spans = new IntList();
    const words = new IntList();
    const surfaces = new Map<number, string>();
    let word = 0;
    this.#run(text, true, {
      piece(aligned, sink) {
        for (let i = 0; i < sink.ids.length; i++) {
          ids.push(sink.ids.data[i]);
          spans.push2(aligned.start(sink.starts.data[i]), aligned.end(sink.ends.data[i] - 1));
          words.push(word);
        }
        word++;
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
    const ids = new IntList(Math.max(16, text.length >> 1));
    if (this.#direct !== undefined) {
      this.#runDirect(wellFormed(text), this.#direct, ids);
      return ids.toArray();
    }
    this.#run(text, false, {
      piece(_, sink) {
        for (let i = 0; i < sink.ids.length; i++) ids.push(sink.ids.data[i]);
      },
      added(_text, _from, _to, id) {
        ids.push(id);
      },
    });
    return ids.toArray();
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

  #runDirect(text: string, model: Bpe, ids: IntList): void {
    const { raw, normalized } = this.#added;
    for (const outer of divide(raw, text)) {
      if (outer.id >= 0) {
        ids.push(outer.id);
        continue;
      }
      const part = text.slice(outer.from, outer.to);
      for (const inner of divide(normalized, part)) {
        if (inner.id >= 0) {
          ids.push(inner.id);
          continue;
        }
        for (let i = inner.from; i < inner.to; ) {
          const end = gpt2PretokenEnd(part, i, inner.to);
          model.tokenizeBytes(part, i, end, ids);
          i = end;
        }
      }
    }
  }
}

function divide(matcher: AddedVocabulary['raw'], text: string): Iterable<{ from: number; to: number; id: number }> {
  return matcher.empty ? [{ from: 0, to: text.length, id: -1 }] : matcher.divide(text);
}

/** GPT-2's own pipeline, in which the byte alphabet need never be written out. The result is the same. */
function directModel({ model, normalizer, preTokenizer }: PipelineParts): Bpe | undefined {
  if (normalizer !== undefined || !(preTokenizer instanceof ByteLevelPreTokenizer)) return undefined;
  const { addPrefixSpace, useRegex } = preTokenizer.options;
  if (addPrefixSpace || !useRegex) return undefined;
  return model instanceof Bpe && model.byteIds !== undefined ? model : undefined;
}
