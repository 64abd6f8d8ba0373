/** What a character can begin or go on with. The scan branches on it once a character. */
export const OTHER = 0;
export const DIGIT = 1;
export const LOWER = 2;
export const UPPER = 3;
/** A letter of a script that is written in words: accented Latin, Greek, Cyrillic and so on. */
export const LETTER = 4;
/** Looks at its surroundings: @ : - / and the like. */
export const TRIGGER = 5;
/** A letter of a script written without spaces between words, so no border of a word. */
export const IDEOGRAPH = 6;
/** Means the same as another character: full-width forms, zero-width marks, odd hyphens and spaces. */
export const ODD = 7;

const FIRST_IDEOGRAPH = 0x0e00;
/** One byte for each character below the private and surrogate ranges; built once. */
export const KIND: Uint8Array = kinds();

function kinds(): Uint8Array {
  const table = new Uint8Array(65_536);
  const fill = (from: number, to: number, kind: number): void => void table.fill(kind, from, to + 1);
  fill(0x30, 0x39, DIGIT);
  fill(0x61, 0x7a, LOWER);
  fill(0x41, 0x5a, UPPER);
  for (const character of '@:-') table[character.charCodeAt(0)] = TRIGGER;
  for (const code of [0xaa, 0xb5, 0xba]) table[code] = LETTER;
  fill(0xc0, 0x02ff, LETTER);
  for (const code of [0xd7, 0xf7]) table[code] = OTHER;
  fill(0x0300, 0x036f, LETTER);
  fill(0x0370, FIRST_IDEOGRAPH - 1, LETTER);
  fill(FIRST_IDEOGRAPH, 0x1fff, IDEOGRAPH);
  fill(0x1e00, 0x1fff, LETTER);
  fill(0x2e80, 0xd7ff, IDEOGRAPH);
  fill(0xf900, 0xfaff, IDEOGRAPH);
  for (const code of [0xad, 0xa0, 0x2007, 0x2009, 0x202f, 0x2212, 0xfeff, 0xfe63]) table[code] = ODD;
  fill(0x200b, 0x200f, ODD);
  fill(0x2010, 0x2015, ODD);
  fill(0x2060, 0x2064, ODD);
  fill(0xff01, 0xff5e, ODD);
  return table;
}

export function kindAt(text: string, at: number): number {
  return KIND[text.charCodeAt(at)] ?? OTHER;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a value may not begin behind it, or end before it: a Latin letter, a digit or an underscore. */
export function isWordCode(code: number): boolean {
  const kind = KIND[code] ?? OTHER;
  return (kind >= DIGIT && kind <= LETTER) || code === 95;
}
