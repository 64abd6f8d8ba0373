import { Draw } from './draw.ts';
import { inventedName, isInventedName } from './invented-names.ts';

const TITLE = /^(?:dr|prof|mr|mrs|ms|miss|mx|herr|frau|sr|sra|mme|mlle|m)\.?$/;

/**
 * An invented name in the place of a person's, the same for the same person however the name is written: capitals,
 * accents, titles, family name first. Where only a part of a name stands that was replaced before in the document, it is
 * that part of the invented one.
 */
export function standInForPerson(value: string, key: Uint8Array, people: Map<string, string>): string {
  const isTurned = value.includes(',');
  const parts = nameParts(value, isTurned);
  if (isInventedName(parts.join(' '))) return keep(parts, value, people);
  const known = parts.length === 1 ? people.get(parts[0]!) : undefined;
  if (known !== undefined) return likeCase(known, value);
  const name = inventedName(new Draw(key, `PERSON\0${parts.join(' ')}`));
  if (parts.length < 2) return likeCase(name.family, value);
  people.set(parts[0]!, name.given);
  people.set(parts.at(-1)!, name.family);
  return likeCase(isTurned ? `${name.family}, ${name.given}` : `${name.given} ${name.family}`, value);
}

/** One of ours: it stays, and so do its parts further on. */
function keep(parts: readonly string[], value: string, people: Map<string, string>): string {
  const written = value.replace(',', '').split(/\s+/);
  for (const part of parts) people.set(part, written.find((word) => plain(word) === part) ?? part);
  return value;
}

function nameParts(value: string, isTurned: boolean): string[] {
  const turned = isTurned ? value.split(',').reverse().join(' ') : value;
  const parts = turned
    .split(/[\s_.]+/)
    .map(plain)
    .filter((part) => part !== '');
  const bare = parts.filter((part) => !TITLE.test(part));
  return bare.length > 0 ? bare : parts;
}

function plain(word: string): string {
  return word
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}'-]/gu, '')
    .toLowerCase();
}

function likeCase(name: string, value: string): string {
  if (!/\p{L}/u.test(value)) return name;
  if (value === value.toLowerCase()) return name.toLowerCase();
  return value === value.toUpperCase() && value.length > 2 ? name.toUpperCase() : name;
}
