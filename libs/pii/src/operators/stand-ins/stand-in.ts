import type { Draw } from '../draw.ts';

/** Writes values of one type that look real and belong to nobody. */
export interface StandIn {
  /** Whether a value is one that this writes: it stays as it is, so that a second round changes nothing. */
  isOurs: (value: string) => boolean;
  /** Null for a value that is written in a way of its own. */
  make: (value: string, draw: Draw) => string | null;
}

/** The digits and letters of `value` replaced one by one by those of `characters`; what joins them stays. */
export function inForm(value: string, characters: string): string {
  let next = 0;
  const written = value.replaceAll(/[0-9A-Za-z]/g, (was) => {
    const character = characters.charAt(next++);
    return was >= 'a' ? character.toLowerCase() : character;
  });
  return next === characters.length ? written : characters;
}

export function bareOf(value: string): string {
  return value.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase();
}
