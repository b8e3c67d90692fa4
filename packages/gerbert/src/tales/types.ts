export type Lang = 'en' | 'zh';
export type Split = 'train' | 'validation' | 'test';

export interface TalePerson {
  readonly name: string;
  readonly gender: 'f' | 'm';
  readonly role: string;
  /** The place beside which the person lives. */
  readonly home: string;
  /** Where the person is at the end. */
  readonly place: string;
  /** The mood last told of, if any. */
  readonly mood: string | undefined;
}

export interface TaleThing {
  /** With what tells it from others: "silver flute". */
  readonly name: string;
  /** The name of the person whose it is at the end: a loan changes the holder only. */
  readonly owner: string;
  /** The name of the person who has it at the end; undefined when it lies somewhere, lost or hidden. */
  readonly holder: string | undefined;
  /** Where it is at the end. */
  readonly place: string;
}

/** What is true at the end of a tale. */
export interface TaleFacts {
  readonly people: readonly TalePerson[];
  readonly things: readonly TaleThing[];
}

export interface Tale {
  readonly lang: Lang;
  readonly sentences: readonly string[];
  /** The sentences, with spaces between them where the language has them. */
  readonly text: string;
  readonly facts: TaleFacts;
}

/** A text with the class it belongs to. */
export interface LabelledExample {
  readonly text: string;
  /** The second text, of tasks on pairs. */
  readonly pair?: string;
  /** Index into the task's `labels`. */
  readonly label: number;
}

/** What there is to know of a labelled task beside its examples. */
export interface TaskInfo {
  readonly name: string;
  /** The names of the classes. */
  readonly labels: readonly string[];
  /** The accuracy of guessing: the classes are equally likely. */
  readonly chance: number;
  /** The text after which a language model is asked for the answer. */
  readonly prompt: (example: { readonly text: string; readonly pair?: string }) => string;
  /** What follows the prompt, for each class: one word, with the space before it where the language has one. */
  readonly verbalizers: readonly string[];
}
