import { join } from 'node:path';
import { TokenizerError } from '../errors.js';
import { writeTiktokenRanks } from '../formats/tiktoken-ranks.js';
import { writeMerges } from '../formats/vocab-merges.js';
import { writeVocabTxt } from '../formats/vocab-txt.js';
import { Bpe } from '../models/bpe.js';
import { checkChoice, checkOptions } from '../options.js';
import type { TokenizerCore } from '../tokenizer-core.js';
import { writeAtomically } from './files.js';

export interface SaveVocabularyOptions {
  /** `tiktoken`: ranks of a byte-level BPE without its special tokens. By default what the model's own format is. */
  format?: 'tiktoken';
}

function vocabTxt({ model }: TokenizerCore): string {
  const tokens = [...model.vocabulary.entries()];
  const hole = tokens.findIndex(([, id], i) => id !== i);
  if (hole < 0) return writeVocabTxt(tokens.map(([token]) => token));
  const message = `vocab.txt cannot hold this vocabulary: no token has the id ${hole}; save as tokenizer.json.`;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
}

function tiktokenRanks(tokenizer: TokenizerCore): string {
  const { model } = tokenizer;
  if (!(model instanceof Bpe) || model.byteIds === undefined) {
    const message = 'saveVocabulary: only a byte-level BPE can be saved as tiktoken ranks.';
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  const added = tokenizer.addedTokens();
  return writeTiktokenRanks(
    [...model.vocabulary.entries()].filter(([, id]) => !added.has(id)),
    model.merges,
    model.options.ignoreMerges ?? false,
  );
}

/** Content of each file, by name. */
function files(tokenizer: TokenizerCore, format: 'tiktoken' | undefined): [string, string][] {
  if (format === 'tiktoken') return [['vocab.tiktoken', tiktokenRanks(tokenizer)]];
  const json = tokenizer.model.toJSON();
  const vocab = (): [string, string] => ['vocab.json', JSON.stringify(tokenizer.model.vocabulary)];
  if (json.type === 'WordPiece') return [['vocab.txt', vocabTxt(tokenizer)]];
  if (json.type === 'Unigram') return [['unigram.json', JSON.stringify(json)]];
  return tokenizer.model instanceof Bpe ? [vocab(), ['merges.txt', writeMerges(tokenizer.model.merges)]] : [vocab()];
}

/**
 * Writes the model's vocabulary alone into `directory` (made if need be), each file whole or not at all: vocab.txt for
 * WordPiece, vocab.json with merges.txt for BPE, vocab.json for WordLevel, unigram.json for Unigram, vocab.tiktoken on
 * request. Returns the paths.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where the format cannot hold the vocabulary
 */
export async function saveVocabulary(
  tokenizer: TokenizerCore,
  directory: string,
  options: SaveVocabularyOptions = {},
): Promise<string[]> {
  checkOptions(options, ['format'], 'saveVocabulary');
  if (options.format !== undefined) checkChoice(options.format, ['tiktoken'], 'saveVocabulary: format');
  const content = files(tokenizer, options.format);
  for (const [name, text] of content) await writeAtomically(join(directory, name), text);
  return content.map(([name]) => join(directory, name));
}
