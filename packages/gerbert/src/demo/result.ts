/** Everything `gerbert demo` measured: the document `--json` prints, and what the report draws. Losses are in nats. */
export interface DemoResult {
  seed: number;
  device: string;
  corpus: {
    name: string;
    documents: number;
    sentences: number;
    /** UTF-8 bytes of the whole text. */
    bytes: number;
  };
  tokenizers: { wordpiece: { vocabSize: number }; bpe: { vocabSize: number } };
  bert: {
    parameters: number;
    steps: number;
    /** Masked-word loss plus next-sentence loss at every step. */
    losses: number[];
    before: BertScores;
    after: BertScores;
    /** Always guessing the most frequent token of the training text. */
    majority: { mlmAccuracy: number };
  };
  gpt: {
    parameters: number;
    steps: number;
    losses: number[];
    /** Tokens read in training, repeats counted. */
    tokensSeen: number;
    before: LanguageScores;
    after: LanguageScores;
  };
  /** On the same held-out tokens as the GPT. */
  baselines: {
    uniform: BaselineScores;
    unigram: BaselineScores;
    /** Interpolated modified Kneser-Ney; the order was chosen on validation text. */
    kneserNey: BaselineScores & { order: number };
    /** Bengio et al. 2003; the learning rate was chosen on validation text. */
    nnlm: BaselineScores & { learningRate: number };
  };
  finetune: {
    /** What is asked, in a sentence. */
    task: string;
    labels: string[];
    /** Accuracy of guessing. */
    chance: number;
    /** Training-set sizes; the accuracies stand in their order. */
    sizes: number[];
    bertPretrained: number[];
    bertScratch: number[];
    gptPretrained: number[];
    /** Examples the accuracies were measured on. */
    testExamples: number;
  };
  /** Accuracy of the pretrained GPT on the same task without any training on it. */
  prompting: { zeroShot: number; fewShot: number; shots: number; chance: number };
  samples: Samples;
  /** What was written, by kind: directories of the models, and the report. */
  files: Record<string, string>;
  seconds: number;
}

export interface BertScores {
  mlmAccuracy: number;
  nspAccuracy: number;
}

export interface LanguageScores {
  perplexity: number;
  bitsPerByte: number;
}

export interface BaselineScores extends LanguageScores {
  tokensSeen: number;
}

export interface Samples {
  /** Each text has one [MASK]; the guesses come with their probabilities. */
  fillMask: { text: string; answer: string; guesses: { token: string; probability: number }[] }[];
  nextSentence: { first: string; second: string; follows: boolean; probability: number }[];
  continuations: { prompt: string; greedy: string; beam: string; topK: string[] }[];
  prompting: { prompt: string; expected: string; answer: string }[];
  /** Attention probabilities of one sentence: [layer][head][query][key]. */
  attention: { tokens: string[]; layers: number[][][][] };
}
