const LONE_SURROGATE = /\p{Surrogate}/u;

/** `text` with every lone surrogate replaced by U+FFFD, as UTF-8 encoders do; same length, so offsets stay. */
export function wellFormed(text: string): string {
  if (!LONE_SURROGATE.test(text)) return text;
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
