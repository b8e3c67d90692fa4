import { Command } from 'commander';
import type { Surroundings } from '../surroundings.js';
import { decodeCommand } from './decode.js';
import { encodeCommand } from './encode.js';
import { inspectCommand } from './inspect.js';
import { trainCommand } from './train/command.js';

const examples = `
Examples:
  gerbert tokenizer encode --tokenizer my-bert "Who wrote it?"
  gerbert tokenizer train --corpus book.txt --model bpe --out my-gpt/tokenizer.json`;

/** `gerbert tokenizer …`: what is done with a tokenizer alone. `end` takes the exit code. */
export function tokenizerCommand(surroundings: Surroundings, end: (exitCode: number) => void): Command {
  return new Command('tokenizer')
    .description('encode, decode, train and look into tokenizers')
    .addCommand(encodeCommand(surroundings, end))
    .addCommand(decodeCommand(surroundings, end))
    .addCommand(trainCommand(surroundings, end))
    .addCommand(inspectCommand(surroundings))
    .addHelpText('after', examples);
}
