import type { DemoResult } from '../demo/index.js';
import { count, counted, duration, figure, percent, short } from '../report/format.js';
import { table } from './table.js';
import { type Colors, plain } from './terminal.js';

/** A demo's result for the terminal, as lines. */
export function summary(result: DemoResult, colors: Colors): string[] {
  const { corpus, seed, device, seconds } = result;
  const chapters = [bert(result), gpt(result), finetuning(result), prompting(result), samples(result), files(result)];
  return [
    '',
    colors.bold(
      `Results, on text kept out of training (${plain(corpus.name)}, seed ${seed}, ${device}, ${duration(seconds)})`,
    ),
    ...chapters.flatMap(({ title, lines }) => ['', colors.bold(title), ...lines.map((line) => `  ${line}`)]),
  ];
}

interface Chapter {
  title: string;
  lines: string[];
}

function bert({ bert: { before, after, majority } }: DemoResult): Chapter {
  const rows = [
    ['', 'hidden words', 'next sentence'],
    ['guessing', percent(majority.mlmAccuracy), percent(0.5)],
    ['before training', percent(before.mlmAccuracy), percent(before.nspAccuracy)],
    ['after training', percent(after.mlmAccuracy), percent(after.nspAccuracy)],
  ];
  return { title: 'BERT: accuracy', lines: table(rows, [1, 2]) };
}

function gpt({ gpt: { before, after, tokensSeen }, baselines }: DemoResult): Chapter {
  const { uniform, unigram, kneserNey, nnlm } = baselines;
  const models = [
    { name: 'all tokens alike', ...uniform },
    { name: 'token frequencies (unigram)', ...unigram },
    { name: `Kneser-Ney ${kneserNey.order}-grams`, ...kneserNey },
    { name: 'neural network of 2003', ...nnlm },
    { name: 'GPT before training', ...before, tokensSeen: 0 },
    { name: 'GPT after training', ...after, tokensSeen },
  ];
  const rows = models.map(({ name, perplexity, bitsPerByte, tokensSeen: seen }) => [
    name,
    figure(perplexity),
    figure(bitsPerByte),
    seen === 0 ? 'none' : short(seen),
  ]);
  const lines = table([['', 'perplexity', 'bits per byte', 'tokens read'], ...rows], [1, 2, 3]);
  return { title: 'GPT beside older models: less is better', lines };
}

function finetuning({ finetune }: DemoResult): Chapter {
  const { task, sizes, chance, testExamples } = finetune;
  const row = (name: string, accuracies: readonly number[]) => [name, ...accuracies.map((share) => percent(share))];
  const rows = [
    ['training examples', ...sizes.map((size) => count(size))],
    row('BERT, pretrained', finetune.bertPretrained),
    row('BERT from scratch', finetune.bertScratch),
    row('GPT, answering in text', finetune.gptPretrained),
    row(
      'guessing',
      sizes.map(() => chance),
    ),
  ];
  const title = `Fine-tuning: accuracy on ${counted(testExamples, 'example')}`;
  return {
    title,
    lines: [
      plain(task),
      ...table(
        rows,
        sizes.map((_, i) => i + 1),
      ),
    ],
  };
}

function prompting({ prompting: { zeroShot, fewShot, shots, chance } }: DemoResult): Chapter {
  const rows = [
    ['', 'accuracy'],
    ['only the question', percent(zeroShot)],
    [`after ${counted(shots, 'solved example')}`, percent(fewShot)],
    ['guessing', percent(chance)],
  ];
  return { title: 'Prompting the GPT: the same task without training on it', lines: table(rows, [1]) };
}

function samples({ samples: { fillMask, nextSentence, continuations } }: DemoResult): Chapter {
  const gaps = fillMask.slice(0, 2).flatMap(({ text, answer, guesses }) => {
    const likeliest = guesses.slice(0, 3).map(({ token, probability }) => `${plain(token)} ${percent(probability)}`);
    return [plain(text), `  ${likeliest.join(', ')} (in the text: ${plain(answer)})`];
  });
  const pairs = nextSentence.slice(0, 2).flatMap(({ first, second, follows, probability }) => {
    const truth = follows ? 'it does' : 'it does not';
    return [`${plain(first)} | ${plain(second)}`, `  follows, says BERT, with ${percent(probability)} (${truth})`];
  });
  const texts = continuations.slice(0, 2).flatMap(({ prompt, greedy, beam, topK }) => {
    const ways: [string, string][] = [
      ['greedy', greedy],
      ['beam', beam],
      ['top-k', topK[0] ?? ''],
    ];
    return [`${plain(prompt)} …`, ...ways.map(([way, text]) => `  ${way.padEnd(6)}  ${plain(text.trim())}`)];
  });
  return { title: 'Samples', lines: [...gaps, ...pairs, ...texts] };
}

function files({ files: written }: DemoResult): Chapter {
  return { title: 'Files', lines: table([...Object.entries(written)]) };
}
