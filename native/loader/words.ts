/** What a tokenizer can leave to the addon: `WordScanner` of @gerbert/tokenizer, which says what the arrays are. */
export interface WordScanner {
  /**
   * Writes the tokens of the words that a table holds, until it meets one that the table does not hold.
   * @returns why it stopped
   * @throws an error with the code `SCAN_ARGUMENT` where an array is of another type, shared, or too short, or a number in
   * one points outside another. No memory but theirs is read or written.
   */
  scanWords(
    state: Int32Array,
    bytes: Uint8Array,
    kinds: Uint8Array,
    entries: Int32Array,
    pool: Int32Array,
    ids: Int32Array,
    records?: Int32Array,
  ): number;
}
