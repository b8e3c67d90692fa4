import type { Language, PersonForm, PersonReference } from './language.js';

const pronouns = {
  f: { subject: 'she', object: 'her', possessor: 'her' },
  m: { subject: 'he', object: 'him', possessor: 'his' },
} as const;

function person(reference: PersonReference, form: PersonForm): string {
  if (form === 'role') return reference.by === 'role' ? reference.role : '';
  if (reference.by === 'pronoun')
    return pronouns[reference.gender][form === 'object' || form === 'possessor' ? form : 'subject'];
  const words =
    reference.by === 'name'
      ? reference.name
      : reference.by === 'role'
        ? `the ${reference.role}`
        : `${pronouns[reference.of].possessor} ${reference.relation} ${reference.name}`;
  return form === 'possessor' ? `${words}'s` : words;
}

const thing = (noun: string, use: string) => ({ noun, use, measure: '' });
const place = (before: string, name: string) => ({ name: `the ${name}`, at: `${before} the ${name}` });

const transfers = [
  '{A:name} [gave|handed|passed] {O:full} to {B:name}.',
  '{A:name} lent {O:full} to {B:name}.',
  '{B:name} [got|borrowed] {O:full} from {A:name}.',
];

export const english: Language = {
  lang: 'en',
  space: ' ',
  comma: ', ',
  names: {
    f: [
      ...['Mira', 'Ada', 'Nora', 'Lena', 'Ruth', 'Clara', 'Iris', 'Hanna', 'Vera', 'Elsa', 'Marta', 'Ines'],
      ...['Olga', 'Paula', 'Greta', 'Alma', 'Dora', 'Tilda', 'Rosa', 'Selma', 'Edith', 'Judith', 'Wanda', 'Flora'],
    ],
    m: [
      ...['Tomas', 'Emil', 'Oskar', 'Jonas', 'Felix', 'Anton', 'Bruno', 'Viktor', 'Leo', 'Hugo', 'Karl', 'Simon'],
      ...['Martin', 'Peter', 'Otto', 'David', 'Albert', 'Marco', 'Paul', 'Edgar', 'Ivan', 'Rufus', 'Walter', 'Conrad'],
    ],
  },
  roles: [
    ...['weaver', 'baker', 'miller', 'teacher', 'painter', 'doctor', 'gardener', 'singer', 'tailor'],
    ...['carpenter', 'sailor', 'potter', 'smith', 'farmer', 'clerk', 'shepherd', 'hunter', 'cook'],
  ],
  relations: ['friend', 'neighbour', 'cousin', 'pupil', 'partner', 'guest'],
  things: [
    ...[thing('flute', 'played {O}'), thing('lamp', 'lit {O}'), thing('book', 'read {O}'), thing('kite', 'flew {O}')],
    ...[thing('clock', 'wound {O}'), thing('drum', 'beat {O}'), thing('fiddle', 'tuned {O}')],
    ...[thing('umbrella', 'shut {O}'), thing('basket', 'filled {O}'), thing('knife', 'sharpened {O}')],
    ...[
      thing('map', 'studied {O}'),
      thing('coat', 'wore {O}'),
      thing('ring', 'rubbed {O}'),
      thing('key', 'turned {O}'),
    ],
    ...[thing('cup', 'washed {O}'), thing('mirror', 'looked into {O}'), thing('whistle', 'blew {O}')],
    ...[thing('horn', 'sounded {O}'), thing('bell', 'rang {O}'), thing('doll', 'dressed {O}')],
    ...[thing('compass', 'followed {O}'), thing('telescope', 'looked through {O}'), thing('brush', 'cleaned {O}')],
    ...[thing('hat', 'tried on {O}'), thing('blanket', 'folded {O}'), thing('box', 'opened {O}')],
    ...[thing('saddle', 'oiled {O}'), thing('rope', 'coiled {O}')],
  ],
  qualities: [
    ...['silver', 'golden', 'wooden', 'red', 'blue', 'green', 'black', 'white'],
    ...['old', 'tiny', 'heavy', 'broken', 'painted', 'copper', 'crooked', 'shiny'],
  ],
  places: [
    ...[place('at', 'mill'), place('in', 'garden'), place('at', 'harbour'), place('at', 'market')],
    ...[place('by', 'river'), place('on', 'bridge'), place('in', 'forest'), place('on', 'hill')],
    ...[place('at', 'station'), place('in', 'church'), place('at', 'inn'), place('in', 'library')],
    ...[place('at', 'school'), place('in', 'barn'), place('by', 'well'), place('in', 'castle')],
    ...[place('on', 'beach'), place('in', 'valley'), place('at', 'bakery'), place('in', 'orchard')],
    ...[place('by', 'lake'), place('in', 'tower'), place('on', 'farm'), place('in', 'square')],
  ],
  weathers: ['rain', 'snow', 'wind', 'fog', 'thunder'],
  times: [
    ...['That evening', 'The next morning', 'Later', 'Soon', 'At noon', 'After a while', 'One day', 'At dawn'],
    ...['A week later', 'On Sunday', 'Before dark', 'In the afternoon'],
  ],
  moods: {
    sad: ['sad', 'unhappy', 'gloomy'],
    happy: ['happy', 'glad', 'cheerful'],
    relieved: ['relieved', 'calm', 'content'],
    angry: ['angry', 'cross', 'furious'],
    grateful: ['grateful', 'thankful', 'touched'],
  },
  templates: {
    open: [
      '{A:name} was a {A:role} who lived [near|close to|not far from] {H}.',
      '{A:name} the {A:role} lived [near|close to|not far from] {H}.',
      '[Near|Close to|Not far from] {H} lived a {A:role} [named|called] {A:name}.',
      'There was once a {A:role} [named|called] {A:name} who lived [near|close to] {H}.',
      'Everyone {H:at} knew {A:name} the {A:role}.',
    ],
    own: [
      '{A} [had|owned|kept] {O:first}.',
      '{A} [had|owned|kept] {O:first} and loved it [dearly|very much].',
      'The [best|finest|dearest] thing {A} [had|owned] was {O:first}.',
      'Of all things {A} [loved|liked] {O:first} [best|most].',
    ],
    friend: [
      '{A:possessor} {R} was {B:name}, a {B:role} from {H}.',
      '{A} had a {R} [named|called] {B:name}, a {B:role} from {H}.',
      '{B:name} the {B:role} was {A:possessor} {R} and lived [near|close to] {H}.',
    ],
    arrive: [
      '{T}a {A:role} [named|called] {A:name} came to {P}.',
      '{T}{A:name}, a {A:role}, came to {P}.',
      '{T}{A:name} the {A:role} arrived {P:at}.',
    ],
    go: ['{T}{A} [went|walked|hurried] to {P}.', '{T}{A} had to go to {P}.'],
    meet: [
      '{T}{A} met {B:object} {P:at}.',
      '{T}{A} and {B:name} met {P:at}.',
      '{T}{A} [went|walked|hurried] to {P} and met {B:object}.',
    ],
    carry: ['{T}{A} [took|carried|brought] {O} to {P}.', '{T}{A} [went|walked] to {P} with {O}.'],
    use: ['{T}{A} {U} {P:at}.', '{T}{A} {U} [all day|for an hour|until dark].'],
    wait: [
      '{A} [waited|rested|worked] {P:at} [all day|for an hour|until dark].',
      'All the while {A} [was|stayed] {P:at}.',
    ],
    give: ['{T}{A} [gave|handed|passed] {O} to {B:object}.', '{T}{B} got {O} from {A:object}.'],
    lend: ['{T}{A} lent {O} to {B:object}.', '{T}{B} borrowed {O} from {A:object}.'],
    visit: [
      '{T}{B} [came|went|walked] to {P}, where {A} [gave|handed|passed] {O} to {B:object}.',
      '{T}{B} [came|went|walked] to {P} and got {O} from {A:object}.',
    ],
    borrow: [
      '{T}{B} [came|went|walked] to {P} and borrowed {O} from {A:object}.',
      '{T}{B} [came|went|walked] to {P}, where {A} lent {O} to {B:object}.',
    ],
    return: ['{T}{A} [gave|brought|handed] {O} back to {B:object}.', '{T}{B} got {O} back from {A:object}.'],
    trade: ['In return {A} [gave|handed] {B:object} {Q:first}.', '{B} got {Q:first} from {A:object} in return.'],
    steal: ['{T}{A} took {O} from {B:object} without [asking|a word].', '{T}{A} stole {O} from {B:object}.'],
    lose: ['{T}{A} [lost|dropped|forgot] {O} {P:at}.', '{T}{A} lost {O} somewhere {P:at}.'],
    hide: ['{T}{A} hid {O} {P:at}.', '{T}{A} put {O} in a safe spot {P:at}.'],
    search: [
      '{T}{A} looked for {O} {P:at}, but [found nothing|it was not there].',
      '{T}{A} searched {P} for {O}, but [found nothing|it was not there].',
    ],
    find: ['{T}{A} found {O} {P:at}.', '{T}{A} came upon {O} {P:at}.'],
    fetch: ['{T}{A} [went|walked|hurried] to {P} and found {O}.', '{T}{A} fetched {O} from {P}.'],
    lostByOther: [
      '{A} was {M} because {B} had lost {O}.',
      'Because {B} had lost {O}, {A} was {M}.',
      '{A} felt {M}, for {B} had lost {O}.',
    ],
    lostByOwner: [
      '{A} was {M} because {O} was lost.',
      'Because {O} was lost, {A} felt {M}.',
      'Without {O}, {A} felt {M}.',
    ],
    gifted: [
      '{A} was {M} about the gift.',
      '{A} thanked {B:object} and felt {M}.',
      'Because of the gift, {A} was {M}.',
    ],
    returned: [
      '{A} was {M} to have {O} back.',
      '{A} was {M} because {B} had kept {B:possessor} word.',
      '{A} felt {M} and thanked {B:object}.',
    ],
    found: ['{A} was {M} because {O} was no longer lost.', 'Now that {O} was found, {A} felt {M}.'],
    stolen: ['{A} was {M} because {B} had taken {O}.', '{A} was {M} with {B:object}.', 'Without {O}, {A} felt {M}.'],
    still: ['{T}{A} was still {M}.', '{T}{A} still felt {M}.'],
    status: ['Now {O} was with {A:object}.', 'Now {A} had {O}.', '{T}{O} was still with {A:object}.'],
    lies: ['Now {O} lay {P:at}.', 'All the while {O} lay {P:at}.', 'Nobody saw {O} {P:at}.'],
    whoAsk: [
      '{T}who had {O:full} now?‖{A:name} had it[| still|, of course].',
      '{T}who had {O:full} now?‖It was with {A:name}.',
    ],
    sheOrHe: ['{T}who had {O:full} now?‖{A:pronoun} had it[| still|, of course|, and nobody else].'],
    whereAsk: ['{T}where was {A:name}?‖{A} was [|still ]{P:at}.', 'Where was {A:name} now?‖{A} was [|still ]{P:at}.'],
    yes: ['{T}was {O:full} with {A:name} now?‖Yes, it was[| still|, of course].'],
    no: [
      '{T}was {O:full} with {B:name} now?‖No, it was with {A:name}.',
      '{T}was {O:full} with {B:name} now?‖No, {A:name} had it[| still].',
    ],
    nobody: [
      '{T}was {O:full} with {B:name} now?‖No, it was [|still ]{P:at}.',
      '{T}who had {O:full} now?‖Nobody had it[|, of course].',
    ],
    weather: ['{T}there was [heavy|light|cold] {W} {P:at}.', '{T}[heavy|light|cold] {W} came over {P}.'],
    weatherEnd: ['At last the {W} was over.', '{T}the {W} [stopped|ended].'],
    endHeld: [
      'In the end {O:full} was with {A:name} {P:at}.',
      'So {O:full} stayed with {A:name} {P:at}.',
      'In the end {A:name} had {O:full} {P:at}.',
    ],
    endLies: ['In the end {O:full} still lay {P:at}.', 'So {O:full} stayed {P:at}, and nobody had it.'],
    endMood: ['{A} went home to {H} and was {M}.', 'That night {A} came home to {H}, still {M}.'],
    endHome: [
      'That night {A} slept [near|close to] {H} and dreamed of {O}.',
      '{A} went home to {H} and thought of {O}.',
    ],
  },
  task: {
    meet: ['{T}{A:name} met {B:name} {P:at}.', '{T}{A:name} and {B:name} met {P:at}.'],
    idle: [
      '{A:name} and {B:name} [waited|rested|worked] {P:at} [all day|for an hour|until dark].',
      '{T}there was [heavy|light|cold] {W} {P:at}.',
      '{T}{A:name} [went|walked|hurried] to {P} with {B:name}.',
    ],
    transfer: transfers.map((template) => `{T}${template}`),
    question: ['Who had {O:full} now?'],
  },
  answers: { f: 'She', m: 'He' },
  person,
  thing: (form, { noun, quality }) => {
    if (form === 'it') return 'it';
    if (form === 'noun') return `the ${noun.noun}`;
    if (form === 'full') return `the ${quality} ${noun.noun}`;
    return `${/^[aeiou]/.test(quality) ? 'an' : 'a'} ${quality} ${noun.noun}`;
  },
  thingName: ({ noun, quality }) => `${quality} ${noun.noun}`,
  finish: (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1),
};
