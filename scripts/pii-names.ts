// Writes the lists of names and places that the engine knows, from the locale data of @faker-js/faker (MIT) and the names
// that the census of the United States counted most, as @zxcvbn-ts/language-en (MIT) has them in their order.
//   node scripts/pii-names.ts
// The same versions of the packages give the same files. Words that are more often words than names are in also-words.txt,
// last names that much is written about and no list has in also-last-names.txt.
import { readFileSync, writeFileSync } from 'node:fs';
import { allLocales } from '@faker-js/faker';
import { dictionary } from '@zxcvbn-ts/language-en';
import englishWords from 'word-list';

const OUT = new URL('../libs/pii/src/names/', import.meta.url);
const WRITTEN = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}'’. -]{2,40}$/u;
/** Parts of the world, short forms and towns that everybody knows and the locale data lacks. */
const FAMOUS = readFileSync(new URL('pii-names/famous-places.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);
const WORDS = new Set(wordsIn('also-words.txt'));
const ALSO_LAST = wordsIn('also-last-names.txt');
/** Of the last names of the census so many are taken, in the order of how many people have them. */
const LAST_NAMES_TAKEN = 10_000;
/** Words so common are none of the added names; of the next ones it is noted that they are words too. */
const DAILY_WORDS = 3000;
const COMMON_WORDS = 15_000;

function wordsIn(file: string): string[] {
  const text = readFileSync(new URL(`pii-names/${file}`, import.meta.url), 'utf8');
  return text.split(/\s+/).filter(Boolean);
}

/** All strings in the data of a locale, however they are grouped there. */
function strings(data: unknown): string[] {
  if (typeof data === 'string') return WRITTEN.test(data) ? [data] : [];
  if (Array.isArray(data)) return data.flatMap(strings);
  if (typeof data !== 'object' || data === null) return [];
  return 'value' in data ? strings(data.value) : Object.values(data).flatMap(strings);
}

/** Single words in small letters, in order. */
function wordsOf(values: readonly string[]): string[] {
  const words = values.flatMap((value) => value.toLowerCase().split(/[ .'’-]+/u));
  return [...new Set(words.filter((word) => word.length > 1))].sort();
}

/** Each word as how much of the one before it is kept (a character of base 36) and the rest. */
function packed(words: readonly string[]): string {
  let before = '';
  let text = '';
  for (const word of words) {
    let kept = 0;
    while (kept < 35 && kept < before.length && before[kept] === word[kept]) kept += 1;
    text += kept.toString(36) + word.slice(kept) + ' ';
    before = word;
  }
  return text.trimEnd();
}

/** Names of several words in small letters; small words between capital ones are left out, as the tagger does. */
function severalOf(values: readonly string[]): string[] {
  const names = values.flatMap((value) => {
    const words = value.split(/[ .'’-]+/u).filter((word) => /^\p{Lu}/u.test(word));
    return words.length > 1 && words.length < 6 ? [words.join('_').toLowerCase()] : [];
  });
  return [...new Set(names)].sort();
}

function write(file: string, name: string, comment: string, words: readonly string[]): void {
  const source = `/** ${comment} Written by scripts/pii-names.ts. */\nexport const ${name} =\n  ${JSON.stringify(
    packed(words),
  )
    .replaceAll("'", "\\'")
    .replace(/^"(.*)"$/s, "'$1'")};\n`;
  writeFileSync(new URL(file, OUT), source);
  console.log(`${file}: ${words.length} words`);
}

interface LocaleData {
  person?: { first_name?: unknown; last_name?: unknown };
  location?: { city_name?: unknown; country?: unknown; state?: unknown };
}

const locales = Object.values(allLocales) as LocaleData[];
const first = wordsOf(locales.flatMap(({ person }) => strings(person?.first_name)));
const last = wordsOf([...locales.flatMap(({ person }) => strings(person?.last_name)), ...ALSO_LAST]);
const known = new Set([...first, ...last]);
const english = new Set(readFileSync(englishWords, 'utf8').split('\n'));
const byFrequency = dictionary['commonWords-en'] ?? [];
const daily = new Set(byFrequency.slice(0, DAILY_WORDS));
const common = new Set(byFrequency.slice(0, COMMON_WORDS));

function isWord(name: string, among: ReadonlySet<string>): boolean {
  return WORDS.has(name) || (english.has(name) && among.has(name));
}

/** Those that are new, and no word of every day. */
function added(names: readonly string[] | undefined): string[] {
  return (names ?? []).filter((name) => /^[a-z]{3,}$/.test(name) && !known.has(name) && !isWord(name, daily));
}

const firstToo = added(dictionary['firstnames-en']);
const lastToo = added(dictionary['lastnames-en']?.slice(0, LAST_NAMES_TAKEN));
const wordsToo = [...firstToo, ...lastToo];
const places = locales.flatMap(({ location }) => [
  ...strings(location?.city_name),
  ...strings(location?.country),
  ...strings(location?.state),
]);
write('first-names.ts', 'FIRST_NAMES', 'First names of many languages, packed.', wordsOf([...first, ...firstToo]));
write('last-names.ts', 'LAST_NAMES', 'Last names of many languages, packed.', wordsOf([...last, ...lastToo]));
const single = places.filter((place) => !/[ -]/.test(place));
write('place-names.ts', 'PLACE_NAMES', 'Towns, regions and countries of one word, packed.', wordsOf(single));
const several = severalOf([...places, ...FAMOUS.filter((name) => name.includes(' '))]);
write(
  'several-places.ts',
  'SEVERAL_PLACES',
  'Towns, regions and countries of several words, joined by `_`, packed.',
  several,
);
const famous = FAMOUS.filter((name) => !name.includes(' ')).map((name) => name.toLowerCase());
write(
  'famous-places.ts',
  'FAMOUS_PLACES',
  'Places of one word that the locale data lacks, packed.',
  [...famous].sort(),
);
const also = [...WORDS, ...wordsToo.filter((name) => isWord(name, common))].map((word) => word.toLowerCase());
write(
  'also-words.ts',
  'ALSO_WORDS',
  'Names that are more often plain words, and words that begin sentences, packed.',
  [...new Set(also)].sort(),
);
