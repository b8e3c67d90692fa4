import type { Language, PersonForm, PersonReference, ThingForm } from './language.js';
import type { Random } from './random.js';
import type { TaleEvent, World } from './world.js';

/** Whom and what a sentence named: who may be "she", and what "it", in the next one. */
export interface Mentions {
  readonly people: ReadonlySet<number>;
  readonly things: ReadonlySet<number>;
}

export const noMentions: Mentions = { people: new Set(), things: new Set() };

export interface Rendered {
  readonly sentences: readonly string[];
  readonly mentions: Mentions;
}

type Part = { readonly choice: readonly string[] } | { readonly slot: string; readonly form: string };

/** Parsed templates, each a list of sentences. */
const parsed = new Map<string, readonly (readonly Part[])[]>();

function parse(template: string): readonly (readonly Part[])[] {
  let sentences = parsed.get(template);
  if (sentences === undefined) {
    sentences = template.split('‖').map((sentence) =>
      sentence
        .split(/(\{[^}]*\}|\[[^\]]*\])/)
        .filter((piece) => piece !== '')
        .map((piece): Part => {
          if (piece.startsWith('[')) return { choice: piece.slice(1, -1).split('|') };
          if (!piece.startsWith('{')) return { choice: [piece] };
          const [slot, form = ''] = piece.slice(1, -1).split(':');
          return { slot, form };
        }),
    );
    parsed.set(template, sentences);
  }
  return sentences;
}

/** Tells an event in the words of a template. `before`: what the last sentence named. */
export function render(
  template: string,
  scene: { readonly language: Language; readonly world: World; readonly event: TaleEvent; readonly before: Mentions },
  random: Random,
): Rendered {
  let mentions = scene.before;
  const sentences = parse(template).map((parts) => {
    const teller = new Teller({ ...scene, before: mentions }, random);
    const words = parts.map((part) =>
      'choice' in part ? random.pick(part.choice) : teller.slot(part.slot, part.form),
    );
    mentions = { people: teller.people, things: teller.things };
    return scene.language.finish(words.join(''));
  });
  return { sentences, mentions };
}

/** Fills the slots of one sentence, from left to right. */
class Teller {
  readonly people = new Set<number>();
  readonly things = new Set<number>();
  readonly #scene: Parameters<typeof render>[1];
  readonly #random: Random;

  constructor(scene: Parameters<typeof render>[1], random: Random) {
    this.#scene = scene;
    this.#random = random;
  }

  slot(slot: string, form: string): string {
    const { language, world, event } = this.#scene;
    if (slot === 'A' || slot === 'B') return this.#person(event[slot], (form || 'subject') as PersonForm);
    if (slot === 'O' || slot === 'Q') return this.#thing(event[slot], form as ThingForm | '');
    if (slot === 'P' || slot === 'H') return language.places[event[slot]][form === 'at' ? 'at' : 'name'];
    if (slot === 'M') return language.moods[event.mood!.kind][event.mood!.word];
    if (slot === 'R') return language.relations[world.relation];
    if (slot === 'W') return language.weathers[event.weather];
    if (slot === 'T') return this.#random.chance(0.5) ? this.#random.pick(language.times) + language.comma : '';
    if (slot === 'U') {
      const { use } = language.things[world.things[event.O].noun];
      return use.replace('{O}', this.#thing(event.O, ''));
    }
    throw new Error(`a template of ${language.lang} has the slot {${slot}}, which nothing fills`);
  }

  #person(index: number, form: PersonForm): string {
    const { language, world } = this.#scene;
    const { gender, role } = world.people[index];
    const name = language.names[gender][world.people[index].name];
    if (form === 'role') return language.person({ by: 'role', role: language.roles[role] }, form);
    const forced = { name: { by: 'name', name }, pronoun: { by: 'pronoun', gender } } as const;
    const reference = form === 'name' || form === 'pronoun' ? forced[form] : this.#reference(index, form);
    this.people.add(index);
    return language.person(reference, form);
  }

  #reference(index: number, form: PersonForm): PersonReference {
    const { language, world } = this.#scene;
    const { gender, role, name } = world.people[index];
    if (this.#isClear(index) && this.#random.chance(0.75)) return { by: 'pronoun', gender };
    if (this.#random.chance(0.1)) return { by: 'role', role: language.roles[role] };
    // B, the second of the cast, is something to the first.
    if (index === 1 && form === 'object' && this.people.has(0) && this.#random.chance(0.15)) {
      const [of, relation] = [world.people[0].gender, language.relations[world.relation]];
      return { by: 'relation', relation, of, name: language.names[gender][name] };
    }
    return { by: 'name', name: language.names[gender][name] };
  }

  /** Whether a pronoun can mean this person only: named just now, and nobody else of that gender. */
  #isClear(index: number): boolean {
    const { world, before } = this.#scene;
    const near = new Set([...before.people, ...this.people]);
    const { gender } = world.people[index];
    return near.has(index) && ![...near].some((other) => other !== index && world.people[other].gender === gender);
  }

  #thing(index: number, form: ThingForm | ''): string {
    const { language, world, before } = this.#scene;
    const { noun, quality } = world.things[index];
    const near = new Set([...before.things, ...this.things]);
    const clear = near.has(index) && near.size === 1;
    const free = () => (clear && this.#random.chance(0.5) ? 'it' : this.#random.chance(0.5) ? 'noun' : 'full');
    const words = { noun: language.things[noun], quality: language.qualities[quality] };
    const said = language.thing(form === '' ? free() : form, words);
    this.things.add(index);
    return said;
  }
}
