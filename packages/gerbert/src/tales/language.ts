import type { Lang } from './types.js';
import type { EventKind, MoodKind } from './world.js';

export interface ThingWord {
  readonly noun: string;
  /** What one does with it, in the past tense, with {O} where it is named. */
  readonly use: string;
  /** The classifier of a language that counts with classifiers, else empty. */
  readonly measure: string;
}

export interface PlaceWord {
  /** As after "to" or "near": "the mill". */
  readonly name: string;
  /** As an adverbial: "at the mill". */
  readonly at: string;
}

/** How a person is named: by name or by pronoun at any rate; as subject, object or possessor, in whatever way; by what he or she does. */
export type PersonForm = 'name' | 'pronoun' | 'subject' | 'object' | 'possessor' | 'role';

/** Which words stand for a person here: the name, a pronoun, the trade, or a relation to a person just named. */
export type PersonReference =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'pronoun'; readonly gender: 'f' | 'm' }
  | { readonly by: 'role'; readonly role: string }
  | { readonly by: 'relation'; readonly relation: string; readonly of: 'f' | 'm'; readonly name: string };

/** How a thing is named: for the first time, in full, or by the noun alone; 'it' where that is clear. */
export type ThingForm = 'first' | 'full' | 'noun' | 'it';

/**
 * The words and sentences of a language. A template holds choices, [one|another], and slots, {X} or {X:form}: the persons A and B
 * (forms of PersonForm, by default the subject), the things O and Q ({O} by what was said before, {O:first}, {O:full}), the places P and H ({P} by
 * name, {P:at} as an adverbial), M the mood, R the relation, W the weather, T a word of time or nothing, U what one does with O. A double
 * bar, ‖, parts two sentences.
 */
export interface Language {
  readonly lang: Lang;
  /** What stands between sentences. */
  readonly space: string;
  /** What follows a word of time that opens a sentence. */
  readonly comma: string;
  readonly names: { readonly f: readonly string[]; readonly m: readonly string[] };
  readonly roles: readonly string[];
  readonly relations: readonly string[];
  readonly things: readonly ThingWord[];
  readonly qualities: readonly string[];
  readonly places: readonly PlaceWord[];
  readonly weathers: readonly string[];
  readonly times: readonly string[];
  readonly moods: Readonly<Record<MoodKind, readonly string[]>>;
  readonly templates: Readonly<Record<EventKind, readonly string[]>>;
  /** The sentences of the labelled task; each names A and B equally often and by name alone. */
  readonly task: Readonly<Record<TaskSentence, readonly string[]>>;
  /** How the answers to `task.question` begin in the tales, for a woman and for a man. */
  readonly answers: { readonly f: string; readonly m: string };
  person(reference: PersonReference, form: PersonForm): string;
  thing(form: ThingForm, thing: { readonly noun: ThingWord; readonly quality: string }): string;
  /** "silver flute". */
  thingName(thing: { readonly noun: ThingWord; readonly quality: string }): string;
  /** A rendered sentence as it is written: its capital, for one. */
  finish(sentence: string): string;
}

export type TaskSentence = 'meet' | 'idle' | 'transfer' | 'question';
