import { TokenizerError } from '../errors.js';

/**
 * The tokens of a vocab.txt, one a line; the line is the id.
 * @throws TokenizerError `TOKENIZER_FILE_MALFORMED` where there is none
 */
export function parseVocabTxt(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) {
    throw new TokenizerError('TOKENIZER_FILE_MALFORMED', 'vocab.txt is empty; expected one token a line.');
  }
  return lines.map(withoutSpace);
}

/** A vocab.txt with these tokens. @throws TokenizerError `TOKENIZER_OPTION_INVALID` where one could not be read back */
export function writeVocabTxt(tokens: readonly string[]): string {
  for (const token of tokens) {
    if (!token.includes('\n') && withoutSpace(token) === token) continue;
    const message = `vocab.txt cannot hold the token ${JSON.stringify(token)}, which breaks lines or ends with white space; save as tokenizer.json.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  return tokens.map((token) => `${token}\n`).join('');
}

/** White space at the end of a line is none of the token's. */
function withoutSpace(line: string): string {
  return line.trimEnd();
}
