import { Fields, type Json, malformed } from '../json/fields.js';
import { knownScanner } from '../pre-tokenizers/known-patterns.js';
import type { IntList } from '../text/int-list.js';
import { LiteralPattern } from './literal.js';
import { RegexPattern } from './regex.js';
import { ScannedPattern } from './scanned.js';

/** What a component looks for in a text: `Split`, `Replace` and their like. */
export interface Pattern {
  /**
   * Appends the start and end (UTF-16 units) of every match between `from` and `to`, in order and without overlap. Nothing
   * outside of that range is seen: anchors and look-around take its ends for the ends of the text. A match may be empty,
   * but not where the match before it ended. A range that is empty has no matches.
   * `text` must be well-formed and the range must not cut a surrogate pair.
   */
  findAll(text: string, from: number, to: number, out: IntList): void;
  /** As tokenizer.json writes it: `{ String: … }` or `{ Regex: … }`. */
  toJSON(): Json;
}

/**
 * Reads `{ String: … }` or `{ Regex: … }`.
 * @throws TokenizerError `TOKENIZER_JSON_MALFORMED`, `TOKENIZER_PATTERN_UNSUPPORTED`
 */
export function readPattern(json: Json | undefined, where: string): Pattern {
  const fields = new Fields(json, where);
  const literal = fields.optional('String', fields.string);
  const regex = fields.optional('Regex', fields.string);
  fields.done();
  if ((literal === undefined) === (regex === undefined)) {
    throw malformed(where, 'expected either a "String" or a "Regex"');
  }
  if (literal !== undefined) return new LiteralPattern(literal);
  const scan = knownScanner(regex!);
  return scan === undefined ? new RegexPattern(regex!, `${where}.Regex`) : new ScannedPattern(regex!, scan);
}
