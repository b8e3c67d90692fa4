import type { PipelineParts } from '../pipeline-parts.js';
import { fastBertOf } from './fast-bert-of.js';
import { fastByteLevelOf } from './fast-byte-level-of.js';
import type { FastEncoder } from './fast-encoder.js';
import { fastSplitOf } from './fast-split-of.js';

/** Finds the encoder that does at once what parts do one after the other; undefined where it knows none for them. */
export type FastEncoderOf = (parts: PipelineParts) => FastEncoder | undefined;

/** Knows all of them. */
export function fastEncoderOf(parts: PipelineParts): FastEncoder | undefined {
  return fastByteLevelOf(parts) ?? fastSplitOf(parts) ?? fastBertOf(parts);
}
