import type { Tokenizer } from '@gerbert/tokenizer';
import { UsageError } from '../errors.js';

/** The option by which every command is told its tokenizer. */
export const tokenizerFlag = [
  '--tokenizer <path>',
  'a directory, or a file such as tokenizer.json or vocab.txt (required)',
] as const;

/**
 * The tokenizer of `--tokenizer`, a directory or a file.
 *
 * @throws errors of Gerbert only, whatever the file holds
 */
export async function load(path: string | undefined): Promise<Tokenizer> {
  // Not Commander's own check, which comes before that for unknown options and so before a misspelt --tokenizer.
  if (path === undefined) throw new UsageError('OPTION_INVALID', '--tokenizer is missing. Name a directory or a file.');
  const { loadTokenizer } = await import('@gerbert/tokenizer/node');
  try {
    return await loadTokenizer(path);
  } catch (cause) {
    const { GerbertError, isGerbertError } = await import('@gerbert/tensor');
    if (isGerbertError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new GerbertError('TOKENIZER_FILE_MALFORMED', `${path}: ${message}`, { cause });
  }
}
