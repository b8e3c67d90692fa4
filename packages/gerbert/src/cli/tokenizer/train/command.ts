import { Command, InvalidArgumentError, Option } from 'commander';
import { count, oneOf, positiveInteger } from '../../options.js';
import type { Surroundings } from '../../surroundings.js';
import { models, presetsInWords } from './presets.js';
import type { TrainFlags } from './train.js';

const help = `${presetsInWords}

The file of --options is an object with the same names in camelCase (vocabSize, specialTokens, …) or in snake_case, model,
and normalizer, preTokenizer, postProcessor and decoder as tokenizer.json spells them. Flags go before it. Every line of
the corpus is a text, with its line ending.

Examples:
  gerbert tokenizer train --corpus books/*.txt --model bpe --vocab-size 8000 --out my-gpt/tokenizer.json
  gerbert tokenizer train --corpus wiki.txt --model wordpiece --no-lowercase --out my-bert/tokenizer.json
  gerbert tokenizer train --corpus wiki.txt --options options.json --vocab-size 500 --out small.json`;

/** `gerbert tokenizer train`: learns a tokenizer from text files. */
export function trainCommand(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  return new Command('train')
    .description('learn a tokenizer from text files')
    .option('--corpus <file...>', 'text files (required)')
    .addOption(new Option('--model <name>', `${models.join(', ')} (required)`).argParser(oneOf(models)))
    .option('--out <file>', 'where the tokenizer.json goes (required)')
    .option('--options <file>', 'options as JSON')
    .option('--json', 'print { "out", "model", "vocabSize", "seconds" } at the end')
    .option('--vocab-size <n>', 'tokens to end up with (default: 30,000; unigram 8,000)', positiveInteger)
    .option('--min-frequency <n>', 'how often a pair, or a word of wordlevel, has to occur', count)
    .option('--special-tokens <token...>', 'the first tokens of the vocabulary, in this order')
    .option('--limit-alphabet <n>', 'bpe, wordpiece: most characters of the alphabet', positiveInteger)
    .option('--initial-alphabet <characters>', 'characters of the alphabet, whatever the corpus has')
    .option('--continuing-subword-prefix <text>', 'bpe, wordpiece: what begins symbols inside of words')
    .option('--end-of-word-suffix <text>', 'bpe, wordpiece: what ends the last symbol of words')
    .option('--max-token-length <n>', 'bpe, wordpiece: most characters of a token', positiveInteger)
    .option('--unk-token <token>', 'what stands for unknown text')
    .option('--shrinking-factor <share>', 'unigram: what a round of pruning leaves (default: 0.75)', share)
    .option('--n-sub-iterations <n>', 'unigram: rounds of EM before each pruning (default: 2)', positiveInteger)
    .option('--max-piece-length <n>', 'unigram: most characters of a piece (default: 16)', positiveInteger)
    .option('--seed-size <n>', 'unigram: most pieces to begin with (default: 1,000,000)', positiveInteger)
    .option('--fuse-unk', 'bpe: neighbouring unknown characters are one token')
    .option('--byte-fallback', 'bpe, unigram: what is unknown becomes bytes')
    .option('--ignore-merges', 'bpe: a word that is a token is that token')
    .option('--dropout <share>', 'bpe: share of merges to leave out at random', share)
    .option('--max-input-chars-per-word <n>', 'wordpiece: longer words are unknown (default: 100)', positiveInteger)
    .option('--lowercase', 'preset: lower the text')
    .option('--no-lowercase', 'preset: leave the case')
    .option('--byte-level', 'preset: symbols are bytes')
    .option('--no-byte-level', 'preset: symbols are characters')
    .option('--add-prefix-space', 'preset, byte-level: a space in front of every text')
    .addHelpText('after', help)
    .action(async (flags: TrainFlags) => {
      // Only now: it loads much that no other command needs.
      const { train } = await import('./train.js');
      end(await train(flags, surroundings));
    });
}

/** A number from 0 to 1. */
function share(value: string): number {
  const number = Number(value);
  if (/^(\d+\.?\d*|\.\d+)$/.test(value) && number <= 1) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 1.');
}
