import type { Encoding } from '@gerbert/tokenizer';

/**
 * An encoding as `encode --json` writes it: `ids`, `tokens`, `typeIds`, `attentionMask`, `specialTokensMask`, `wordIds`,
 * `sequenceIds`, `offsets`, and `overflowing` with the same again. Put together by hand, in half the time that objects of
 * plain arrays and `JSON.stringify` take.
 *
 * @param codePoints how offsets count; else UTF-16 units
 */
export function encodingJson(encoding: Encoding, codePoints: boolean): string {
  const { ids, typeIds, attentionMask, specialTokensMask } = encoding;
  return [
    `{"ids":[${ids.join()}]`,
    `"tokens":${JSON.stringify(encoding.tokens)}`,
    `"typeIds":[${typeIds.join()}]`,
    `"attentionMask":[${attentionMask.join()}]`,
    `"specialTokensMask":[${specialTokensMask.join()}]`,
    `"wordIds":[${orNulls(encoding.words)}]`,
    `"sequenceIds":[${orNulls(encoding.sequences)}]`,
    `"offsets":[${pairs(codePoints ? encoding.codePointSpans : encoding.spans)}]`,
    `"overflowing":[${encoding.overflowing.map((part) => encodingJson(part, codePoints)).join()}]}`,
  ].join();
}

/** null for -1. */
function orNulls(numbers: Int32Array): string {
  let text = '';
  for (let i = 0; i < numbers.length; i++) text += `${i > 0 ? ',' : ''}${numbers[i] < 0 ? 'null' : numbers[i]}`;
  return text;
}

function pairs(spans: Int32Array): string {
  let text = '';
  for (let i = 0; i < spans.length; i += 2) text += `${i > 0 ? ',' : ''}[${spans[i]},${spans[i + 1]}]`;
  return text;
}
