// Labelled text: templates filled with names that exist and things that do not. The same seed gives the same text.
import { KINDS } from '../sample-data/planted.ts';
import { Random } from '../sample-data/random.ts';
import { FORMS } from './forms.ts';
import { OTHERS } from './others.ts';
import { CITIES, COUNTRIES, ENGLISH, type People, PEOPLE } from './people.ts';
import { LANGUAGES, PROSE } from './prose.ts';
import { SOCIAL, SOCIAL_OTHERS } from './social.ts';
import { type Kind, KINDS_OF_PAPERS, NOBODYS } from './values.ts';
import * as words from './words.ts';

export interface Labelled {
  text: string;
  spans: { type: string; start: number; end: number }[];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const PLANTED: readonly Kind[] = Object.entries(KINDS).map(([type, kind]) => ({ type, ...kind }));

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
  SACHE: (g) => g.thing(),
  CITY: (g) => g.random.pick(CITIES),
  COUNTRY: (g) => g.random.pick(COUNTRIES),
  CO: (g) => g.company(),
  PRODUCT: (g) => `${g.random.pick(words.QUALITIES)} ${g.random.pick(words.THINGS)}`,
};

/** What is personal, and is labelled so. */
const PERSONAL: Readonly<Record<string, readonly [type: string, draw: Draw]>> = {
  P: ['PERSON', (g) => g.fullName()],
  F: ['PERSON', (g) => g.random.pick(g.people().first)],
  L: ['PERSON', (g) => g.random.pick(g.people().last)],
  L2: ['PERSON', (g) => g.random.pick(g.people().last)],
  R: ['PERSON', (g) => `${g.random.pick(g.people().last)}, ${g.random.pick(g.people().first)}`],
  PHONE: ['PHONE_NUMBER', (g) => KINDS.PHONE_NUMBER.make(g.random)],
  EMAIL: ['EMAIL_ADDRESS', (g) => KINDS.EMAIL_ADDRESS.make(g.random)],
  IBAN: ['IBAN', (g) => KINDS.IBAN.make(g.random)],
  CITY2: ['LOCATION', (g) => g.random.pick(CITIES)],
  COUNTRY2: ['LOCATION', (g) => g.random.pick(COUNTRIES)],
  STREET: ['STREET_ADDRESS', (g) => g.street()],
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

  /** The number comes first in some languages and last in others. */
  street(): string {
    const [street, number] = [this.random.pick(words.STREETS), this.random.between(1, 400)];
    return /^\p{Lu}\p{L}+(?:e|g|t|n)$/u.test(street) || /^(?:Calle|Via)/.test(street)
      ? `${street} ${number}`
      : `${number} ${street}`;
  }

  /** A German noun, or two in one. */
  thing(): string {
    const { random } = this;
    const thing = random.pick(words.SACHEN);
    return random.below(3) === 0 ? thing + random.pick(words.SACHEN).toLowerCase() : thing;
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
      const personal = slot === undefined ? undefined : PERSONAL[slot];
      const start = text.length;
      if (personal) {
        text += personal[1](this);
        spans.push({ type: personal[0], start, end: text.length });
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

  /** A value with check digits in a sentence, or a number that is nobody's. */
  value(): Labelled {
    const { random } = this;
    if (random.below(3) === 0) {
      const text = random.pick(NOBODYS).replaceAll('#', () => String(random.between(100, 99_999)));
      return { text, spans: [] };
    }
    const planted = random.pick(PLANTED);
    const { type, make, sentences } = random.below(2) === 0 ? planted : random.pick(KINDS_OF_PAPERS);
    const [before = '', after = ''] = random.pick(sentences).split('%');
    const value = make(random);
    const lead = random.below(4) === 0 ? `${capital(random.pick(ENGLISH))} the ${random.pick(ENGLISH)} first. ` : '';
    const start = lead.length + before.length;
    return { text: lead + before + value + after, spans: [{ type, start, end: start + value.length }] };
  }

  /** With its marks set apart, as some write and as programs cut text into tokens, every other time. */
  #spaced(template: string): string {
    return this.random.below(2) === 0 ? template : template.replace(/(?<=[\w}])([,.!?:]|'s\b)(?= |$)/g, ' $1');
  }

  #template(): string {
    const { random } = this;
    const kind = random.below(100);
    if (kind < 22) return this.#pick(PROSE);
    if (kind < 32) return this.#pick(FORMS);
    if (kind < 39) return this.#spaced(this.#pick(SOCIAL));
    if (kind < 44) return this.#spaced(this.#pick(SOCIAL_OTHERS));
    if (kind < 57) return this.#pick(LANGUAGES[random.pick(Object.keys(LANGUAGES))] ?? PROSE);
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
