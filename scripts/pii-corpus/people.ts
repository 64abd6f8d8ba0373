// Names of people and places of many languages, and words that are none, from which text is made.
import { readFileSync } from 'node:fs';
import { allLocales } from '@faker-js/faker';

export interface People {
  first: readonly string[];
  last: readonly string[];
}

const WRITTEN = /^[\p{Lu}][\p{Script=Latin}'’. -]{1,30}$/u;

function strings(data: unknown): string[] {
  if (typeof data === 'string') return WRITTEN.test(data) ? [data] : [];
  if (Array.isArray(data)) return data.flatMap(strings);
  if (typeof data !== 'object' || data === null) return [];
  return 'value' in data ? strings(data.value) : Object.values(data).flatMap(strings);
}

interface LocaleData {
  person?: { first_name?: unknown; last_name?: unknown };
  location?: { city_name?: unknown; country?: unknown };
}

const locales = Object.values(allLocales) as LocaleData[];
/** Names of one language go together. */
export const PEOPLE: readonly People[] = locales
  .map(({ person }) => ({ first: strings(person?.first_name), last: strings(person?.last_name) }))
  .filter(({ first, last }) => first.length > 20 && last.length > 20);
export const CITIES = [...new Set(locales.flatMap(({ location }) => strings(location?.city_name)))];
export const COUNTRIES = [...new Set(locales.flatMap(({ location }) => strings(location?.country)))];
/** Words that begin sentences and headings. */
export const ENGLISH = readFileSync(new URL('../pii-names/also-words.txt', import.meta.url), 'utf8')
  .split(/\s+/)
  .filter((word) => /^[a-z]{2,14}$/.test(word));
