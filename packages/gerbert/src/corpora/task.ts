import type { RandomStream } from '@gerbert/tensor';

/** An example of a task: a text (or two) and the number of its class. */
export interface LabelledText {
  text: string;
  pair?: string;
  label: number;
}

/** A classification task with its truth, and its wording for a language model. */
export interface LabelledTask {
  /** What is asked, in a sentence. */
  question: string;
  labels: readonly string[];
  /** Accuracy of guessing. */
  chance: number;
  /** The example as text, up to where the answer would stand. */
  prompt(example: { text: string; pair?: string }): string;
  /** Each class's answer, as it follows the prompt. */
  verbalizers: readonly string[];
  train: readonly LabelledText[];
  test: readonly LabelledText[];
}

/** Examples drawn so that every class comes equally often. `draw` makes one of a class. */
export function balanced(
  count: number,
  classes: number,
  random: RandomStream,
  draw: (label: number) => LabelledText,
): LabelledText[] {
  const examples = Array.from({ length: count }, (_, i) => draw(i % classes));
  return random.shuffle(examples);
}

/**
 * A random stretch of consecutive sentences of at least `least` words, or of all there are, cut to at most `most` words. Every sentence that leaves room
 * for `least` words behind it is equally likely to be the first.
 */
export function windowOf(
  sentences: readonly string[],
  { least, most }: { least: number; most: number },
  random: RandomStream,
): string {
  const words = (i: number) => sentences[i].split(' ');
  let last = sentences.length - 1;
  for (let room = words(last).length; room < least && last > 0; ) room += words(--last).length;
  const chosen: string[] = [];
  for (let i = random.int(last + 1); i < sentences.length && chosen.length < least; i++) chosen.push(...words(i));
  return chosen.slice(0, most).join(' ');
}
