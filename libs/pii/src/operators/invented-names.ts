import type { Draw } from './draw.ts';

/** Given names of no one gender and many countries. */
export const GIVEN: readonly string[] = words(
  'Robin Alex Sam Kim Charlie Jamie Taylor Morgan Jordan Casey Riley Quinn Avery Rowan Sasha Noel Andrea Dominique Camille Luca Mika Toni Kay Jules Remy Ariel Eden Marlo Sidney Reese Emery Lou',
);
const FIRST = words(
  'Ald Bren Corv Dalm Elst Fenn Garv Hald Isk Jarn Kell Lorv Marv Nord Orl Perv Quen Rosk Selv Torv Ulm Varn Wenst Yorv Zel Brask Drev Grav Kvist Plen Stev Trask',
);
const SECOND = words('avik amund oway esten ilund ordal umar enfeld idane orven asko ewick olmer ander imont averley');
/** Family names that are made of pieces and that nobody has. */
export const FAMILY: readonly string[] = FIRST.flatMap((first) => SECOND.map((second) => first + second));

const given = new Set(GIVEN.map((name) => name.toLowerCase()));
const family = new Set(FAMILY.map((name) => name.toLowerCase()));

export function isInventedFamily(word: string): boolean {
  return family.has(word.toLowerCase());
}

/** A whole name, or the family name alone. */
export function isInventedName(value: string): boolean {
  const parts = value.trim().toLowerCase().split(/\s+/);
  const last = parts.pop() ?? '';
  return family.has(last) && (parts.length === 0 || (parts.length === 1 && given.has(parts[0]!)));
}

export function inventedName(draw: Draw): { given: string; family: string } {
  return { given: draw.of(GIVEN), family: draw.of(FAMILY) };
}

function words(text: string): string[] {
  return text.split(' ');
}
