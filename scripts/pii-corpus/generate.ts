// Labelled text: templates filled with names that exist and things that do not. The same seed gives the same text.
import { KINDS } from '../sample-data/planted.ts';
import { Random } from '../sample-data/random.ts';
import { FORMS, SOCIAL } from './forms.ts';
import { OTHERS } from './others.ts';
import { CITIES, COUNTRIES, ENGLISH, type People, PEOPLE } from './people.ts';
import { LANGUAGES, PROSE } from './prose.ts';
import * as words from './words.ts';

export interface Labelled {
  text: string;
  spans: { type: string; start: number; end: number }[];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

type Draw = (generator: Generator) => string;

const DRAWS: Readonly<Record<string, Draw>> = {
  w: (g) => g.random.pick(ENGLISH),
  W: (g) => capital(g.random.pick(ENGLISH)),
  H: (g) => Array.from({ length: g.random.between(2, 4) }, () => capital(g.random.pick(ENGLISH))).join(' '),
  CAMEL: (g) => Array.from({ length: g.random.between(2, 3) }, () => capital(g.random.pick(ENGLISH))).join(''),
  ACR: (g) => g.random.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ', g.random.between(2, 5)),
  KEY: (g) => g.random.pick(words.KEYS),
  ROLLE: (g) => g.random.pick(words.ROLES),
  METIER: (g) => g.random.pick(words.MEN_OF_FRANCE),
  OFICIO: (g) => g.random.pick(words.MEN_OF_SPAIN),
  ROLE: (g) => g.random.pick(words.MEN_OF_ENGLAND),
  N: (g) => String(g.random.between(2, 99)),
  N2: (g) => String(g.random.between(10, 59)),
  YEAR: (g) => String(g.random.between(1950, 2025)),
  DATE: (g) => g.date(),
  DAY: (g) => g.random.pick(words.DAYS),
  TAG: (g) => g.random.pick(words.TAGE),
  JOUR: (g) => g.random.pick(words.JOURS),
  DIA: (g) => g.random.pick(words.DIAS),
  DAG: (g) => g.random.pick(words.DAGEN),
  MONTH: (g) => g.random.pick(words.MONTHS),
  MONAT: (g) => g.random.pick(words.MONATE),
  T: (g) => g.random.pick(words.TITLES),
  KIN: (g) => g.random.pick(words.KIN),
  JOB: (g) => g.random.pick(words.JOBS),
  LANG: (g) => g.random.pick(words.LANGS),
  LANGUAGE: (g) => g.random.pick(words.LANGUAGES),
  NATION: (g) => g.random.pick(words.NATIONS),
  SACHE: (g) => g.random.pick(words.SACHEN),
  CITY: (g) => g.random.pick(CITIES),
  COUNTRY: (g) => g.random.pick(COUNTRIES),
  STREET: (g) => `${g.random.between(1, 400)} ${g.random.pick(words.STREETS)}`,
  CO: (g) => g.company(),
  PRODUCT: (g) => `${g.random.pick(words.QUALITIES)} ${g.random.pick(words.THINGS)}`,
  PHONE: (g) => KINDS.PHONE_NUMBER.make(g.random),
  EMAIL: (g) => KINDS.EMAIL_ADDRESS.make(g.random),
  IBAN: (g) => KINDS.IBAN.make(g.random),
};

/** What a person is called; these are labelled. */
const NAMES: Readonly<Record<string, Draw>> = {
  P: (g) => g.fullName(),
  F: (g) => g.random.pick(g.people().first),
  L: (g) => g.random.pick(g.people().last),
  L2: (g) => g.random.pick(g.people().last),
  R: (g) => `${g.random.pick(g.people().last)}, ${g.random.pick(g.people().first)}`,
};

export class Generator {
  readonly random: Random;
  #people: People = PEOPLE[0]!;

  readonly #isHeldOut: boolean;

  /** Of every five templates one is held out: what is learned from the others is measured on those. */
  constructor(seed: number, isHeldOut: boolean) {
    this.random = new Random(seed);
    this.#isHeldOut = isHeldOut;
  }

  #pick(templates: readonly string[]): string {
    for (;;) {
      const at = this.random.below(templates.length);
      if ((at % 5 === 2) === this.#isHeldOut) return templates[at] ?? '';
    }
  }

  /** Names of one language mostly stay together in a text. */
  people(): People {
    if (this.random.below(5) === 0) this.#people = this.random.pick(PEOPLE);
    return this.#people;
  }

  fullName(): string {
    const { first, last } = this.people();
    const { random } = this;
    const given = random.pick(first);
    const family = random.pick(last);
    switch (random.below(16)) {
      case 0:
        return `${given} ${random.pick(first).charAt(0)}. ${family}`;
      case 1:
        return `${given} ${random.pick(first)} ${family}`;
      case 2:
        return `${given} ${family}-${random.pick(last)}`;
      case 3:
        return `${given.charAt(0)}. ${family}`;
      case 4:
        return `${given} ${random.pick(['van', 'de', 'von', 'di', 'del', 'al', 'da'])} ${family}`;
      default:
        return `${given} ${family}`;
    }
  }

  company(): string {
    const { random } = this;
    const { last } = this.people();
    switch (random.below(6)) {
      case 0:
        return `${random.pick(last)}-${random.pick(last)}`;
      case 1:
        return `${random.pick(last)}, ${random.pick(last)} and ${random.pick(last)}`;
      case 2:
        return `${random.pick(last)} ${random.pick(words.COMPANY_ENDS)}`;
      case 3:
        return random.pick(words.BRANDS);
      case 4:
        return `${capital(random.pick(ENGLISH))} ${capital(random.pick(ENGLISH))}`;
      default:
        return `${random.pick(words.BRANDS)} ${random.pick(words.COMPANY_ENDS)}`;
    }
  }

  date(): string {
    const [day, month, year] = [
      this.random.between(1, 28),
      this.random.between(1, 12),
      this.random.between(1940, 2024),
    ];
    const two = (number: number): string => String(number).padStart(2, '0');
    return this.random.pick([
      `${year}-${two(month)}-${two(day)}`,
      `${two(day)}.${two(month)}.${year}`,
      `${month}/${day}/${year}`,
      `${day} ${this.random.pick(words.MONTHS)} ${year}`,
    ]);
  }

  /** One template, filled. */
  fill(template: string): Labelled {
    this.#people = this.random.pick(PEOPLE);
    const spans: Labelled['spans'] = [];
    let text = '';
    for (const [part, slot] of template.matchAll(/\{\{|\}\}|\{([A-Za-z0-9]+)\}|[^{}]+|[{}]/g)) {
      const draw = slot === undefined ? undefined : DRAWS[slot];
      const name = slot === undefined ? undefined : NAMES[slot];
      const start = text.length;
      if (name) {
        text += name(this);
        spans.push({ type: 'PERSON', start, end: text.length });
      } else if (draw) text += draw(this);
      else text += part === '{{' || part === '}}' ? part.charAt(0) : part;
    }
    return { text, spans };
  }

  /** Any text of any kind, as they come. */
  next(): Labelled {
    const { random } = this;
    const first = this.fill(this.#template());
    const second = random.below(3) === 0 ? this.fill(this.#template()) : null;
    const one = second === null ? first : joined(first, second, random.pick([' ', '\n', '\n\n']));
    const kind = random.below(40);
    if (kind < 5) return changed(one, (text) => text.toLowerCase());
    return kind === 5 ? changed(one, (text) => text.toUpperCase()) : one;
  }

  #template(): string {
    const { random } = this;
    const kind = random.below(100);
    if (kind < 22) return this.#pick(PROSE);
    if (kind < 32) return this.#pick(FORMS);
    if (kind < 38) return this.#pick(SOCIAL);
    if (kind < 50) return this.#pick(LANGUAGES[random.pick(Object.keys(LANGUAGES))] ?? PROSE);
    return this.#pick(OTHERS);
  }
}

function joined(one: Labelled, other: Labelled, between: string): Labelled {
  const by = one.text.length + between.length;
  const moved = other.spans.map(({ type, start, end }) => ({ type, start: start + by, end: end + by }));
  return { text: one.text + between + other.text, spans: [...one.spans, ...moved] };
}

/** In other letters, where those take as much place. */
function changed(one: Labelled, change: (text: string) => string): Labelled {
  const text = change(one.text);
  return text.length === one.text.length ? { text, spans: one.spans } : one;
}
