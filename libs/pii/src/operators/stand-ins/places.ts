import type { Draw } from '../draw.ts';
import { inventedName, isInventedFamily } from '../invented-names.ts';
import type { StandIn } from './stand-in.ts';

/** Streets and towns that are named after families nobody has. */
export const streetAddress: StandIn = {
  isOurs: (value) =>
    isInventedFamily(/^\d{1,2} (\p{L}+) Street$|^(\p{L}+)weg \d{1,2}$/u.exec(value)?.slice(1).join('') ?? ''),
  make: (value, draw) => {
    const number = 1 + draw.below(99);
    const { family } = inventedName(draw);
    return /^\s*\p{L}/u.test(value) ? `${family}weg ${number}` : `${number} ${family} Street`;
  },
};

export const location: StandIn = {
  isOurs: (value) => isInventedFamily(/^(\p{L}+)burg$/u.exec(value)?.[1] ?? ''),
  make: (_value, draw) => `${inventedName(draw).family}burg`,
};

export const organization: StandIn = {
  isOurs: (value) => isInventedFamily(/^(\p{L}+) Ltd\.?$/u.exec(value)?.[1] ?? ''),
  make: (_value, draw) => `${inventedName(draw).family} Ltd`,
};

/** Below 00501 no post office of the United States has a code, and below 01067 none of Germany. */
export const postalCode: StandIn = {
  isOurs: (value) => /^00[0-4]\d\d$/.test(value),
  make: (value, draw) => (/^\d{5}$/.test(value) ? `00${draw.below(5)}${draw.digits(2)}` : null),
};

const PLACES = /([+-]?\d{1,3}(?:\.\d+)?)(\D+?)([+-]?\d{1,3}(?:\.\d+)?)/;

/** In the South Pacific, around the point that is farthest from any land. */
export const coordinates: StandIn = {
  isOurs: (value) => {
    const [, latitude, , longitude] = PLACES.exec(value) ?? [];
    return isIn(Number(latitude), -50, -47) && isIn(Number(longitude), -126, -121);
  },
  make: (value, draw) => {
    const found = PLACES.exec(value);
    if (!found || found[0].length !== value.trim().length) return null;
    return `-${48 + draw.below(2)}.${places(draw)}${found[2]}-${122 + draw.below(4)}.${places(draw)}`;
  },
};

function places(draw: Draw): string {
  return draw.digits(5);
}

function isIn(number: number, from: number, to: number): boolean {
  return number > from && number < to;
}
