import type { JsonObject } from '../json/fields.js';
import type { Decoder, TokenReceiver } from './decoder.js';

/** One decoder after the other. */
export class SequenceDecoder implements Decoder {
  readonly decoders: readonly Decoder[];

  constructor(decoders: readonly Decoder[]) {
    this.decoders = decoders;
  }

  pipe(next: TokenReceiver): TokenReceiver {
    return this.decoders.reduceRight((receiver, decoder) => decoder.pipe(receiver), next);
  }

  toJSON(): JsonObject {
    return { type: 'Sequence', decoders: this.decoders.map((decoder) => decoder.toJSON()) };
  }
}
