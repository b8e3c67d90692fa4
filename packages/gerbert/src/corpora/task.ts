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

/** A random stretch of whole sentences with at least `least` and (but for the last sentence) at most `most` words. */
export function windowOf(
  sentences: readonly string[],
  { least, most }: { least: number; most: number },
  random: RandomStream,
): string {
  const start = random.int(sentences.length);
  const chosen: string[] = [];
  let words = 0;
  for (let i = 0; i < sentences.length && words < least; i++) {
    const sentence = sentences[(start + i) % sentences.length]!;
    chosen.push(sentence);
    words += sentence.split(' ').length;
  }
  return chosen.join(' ').split(' ').slice(0, most).join(' ');
}
