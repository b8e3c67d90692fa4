import { TokenizerError } from '../errors.js';
import { checkInteger } from '../options.js';
import { checkAlphabet, checkSpecialTokens, type UnigramTrainingOptions } from './options.js';
import type { Pacer } from './pacer.js';
import { type PieceText, pieceText } from './piece-text.js';
import { lowestScore, type Pieces, pieceString } from './pieces.js';
import { UnigramTrainer } from './unigram-trainer.js';
import type { CountedWords } from './word-table.js';

export interface UnigramTrainingResult {
  vocab: [piece: string, score: number][];
  unkId: number | null;
}

/** What the score of each further character without a piece gains, so that no two are equal. */
const CHARACTER_STEP = 0.0001;
/** The name of the unknown piece during training, which never becomes a piece. */
const UNKNOWN = '<UNK>';

function checkFactor(factor: number): number {
  if (typeof factor === 'number' && factor > 0 && factor < 1) return factor;
  throw new TokenizerError('TOKENIZER_OPTION_INVALID', `shrinkingFactor must be between 0 and 1, not ${factor}.`);
}

/**
 * Characters that the vocabulary must have, by code point: those of the words and of the initial alphabet.
 * @throws TokenizerError `TOKENIZER_OPTION_INVALID` where they are more than the vocabulary may hold.
 */
function requiredCharacters(text: PieceText, initial: readonly string[], vocabSize: number): string[] {
  const codes = new Set(text.codes.slice(text.hasNull ? 0 : 1));
  for (const character of initial) codes.add(character.codePointAt(0)!);
  if (codes.size > vocabSize) {
    const message = `vocabSize ${vocabSize} does not hold the ${codes.size} characters of the corpus; it must be at least that.`;
    throw new TokenizerError('TOKENIZER_OPTION_INVALID', message);
  }
  return [...codes].sort((a, b) => a - b).map((code) => String.fromCodePoint(code));
}

/** The required characters and the first of the pieces, by descending score. */
function finalPieces(text: PieceText, pieces: Pieces, required: readonly string[], room: number): [string, number][] {
  const scores = new Map<string, number>();
  for (let i = 1; i < pieces.size; i++) scores.set(pieceString(text, pieces, i), pieces.scores[i]);
  const least = lowestScore(pieces);
  const chosen: [string, number][] = [];
  let missing = 0;
  for (const character of required) {
    chosen.push([character, scores.get(character) ?? least + CHARACTER_STEP * missing++]);
    scores.delete(character);
  }
  scores.delete(UNKNOWN);
  for (const [piece, score] of scores) {
    chosen.push([piece, score]);
    // As in the Rust library, where characters alone are too many, all pieces come too.
    if (chosen.length === room) break;
  }
  return chosen.sort(([, a], [, b]) => b - a);
}

/**
 * The special tokens, then pieces by descending score; an unknown token that is no special token comes first. What the
 * Rust library leaves to a hash map (the order of words and of equal scores) goes by code point here.
 */
export function unigramTraining(options: UnigramTrainingOptions) {
  const vocabSize = checkInteger(options.vocabSize ?? 8000, 1, 'vocabSize');
  const plan = {
    vocabSize,
    shrinkingFactor: checkFactor(options.shrinkingFactor ?? 0.75),
    nSubIterations: checkInteger(options.nSubIterations ?? 2, 1, 'nSubIterations'),
    maxPieceLength: checkInteger(options.maxPieceLength ?? 16, 1, 'maxPieceLength'),
    seedSize: checkInteger(options.seedSize ?? 1_000_000, 1, 'seedSize'),
  };
  const initial = checkAlphabet(options.initialAlphabet);
  const special = checkSpecialTokens(options.specialTokens).map(({ content }) => content);
  const { unkToken, onProgress } = options;
  return async (words: CountedWords, pacer: Pacer): Promise<UnigramTrainingResult> => {
    const text = await pieceText(words, pacer);
    const required = requiredCharacters(text, initial, vocabSize);
    const trainer = await UnigramTrainer.begin(text, plan, pacer);
    const pieces = await trainer.train((done) => onProgress?.({ stage: 'prune', done, total: vocabSize }));
    const given = unkToken === undefined ? -1 : special.indexOf(unkToken);
    const head = unkToken !== undefined && given < 0 ? [unkToken, ...special] : special;
    const rest = finalPieces(text, pieces, required, vocabSize - head.length);
    return {
      vocab: [...head.map((token): [string, number] => [token, 0]), ...rest],
      unkId: unkToken === undefined ? null : Math.max(0, given),
    };
  };
}
