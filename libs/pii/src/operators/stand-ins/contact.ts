import type { Draw } from '../draw.ts';
import { inventedName, isInventedFamily } from '../invented-names.ts';
import type { StandIn } from './stand-in.ts';

const HOSTS = ['example.org', 'example.com', 'example.net'];
const OUR_EMAIL = /^[a-z]+\.([a-z]+)\d{2}@example\.(?:org|com|net)$/i;
const OUR_USER = /^[a-z]+_([a-z]+)\d{2}$/i;
const OUR_URL = /^https:\/\/www\.example\.(?:org|com|net)\/([a-z]+)$/i;

/** Under hosts that are reserved for examples, of people who do not exist. */
export const email: StandIn = {
  isOurs: (value) => isInventedFamily(OUR_EMAIL.exec(value)?.[1] ?? ''),
  make: (_value, draw) => `${handle(draw, '.')}@${draw.of(HOSTS)}`,
};

export const username: StandIn = {
  isOurs: (value) => isInventedFamily(OUR_USER.exec(value)?.[1] ?? ''),
  make: (_value, draw) => handle(draw, '_'),
};

export const url: StandIn = {
  isOurs: (value) => isInventedFamily(OUR_URL.exec(value)?.[1] ?? ''),
  make: (_value, draw) => `https://www.${draw.of(HOSTS)}/${inventedName(draw).family.toLowerCase()}`,
};

function handle(draw: Draw, joint: string): string {
  const { given, family } = inventedName(draw);
  return `${given}${joint}${family}`.toLowerCase() + draw.digits(2);
}

const OUR_V4 = /^198\.51\.100\.\d{1,3}$/;
const OUR_V6 = /^2001:db8:(?:[0-9a-f]{1,4}:){2}:[0-9a-f]{1,4}$/;

/** Of the ranges of RFC 5737 and RFC 3849, which no host has. */
export const ipAddress: StandIn = {
  isOurs: (value) => OUR_V4.test(value) || OUR_V6.test(value),
  make: (value, draw) =>
    value.includes(':') ? `2001:db8:${hex(draw)}:${hex(draw)}::${hex(draw)}` : `198.51.100.${1 + draw.below(254)}`,
};

function hex(draw: Draw): string {
  return (1 + draw.below(0xffff)).toString(16);
}

/** Locally administered (02:…), and marked: no maker of cards has such. */
export const macAddress: StandIn = {
  isOurs: (value) => /^02005E/i.test(value.replaceAll(/[^0-9A-Fa-f]/g, '')),
  make: (value, draw) => {
    const tail = draw.below(0xffffff).toString(16).padStart(6, '0');
    const pairs = `02005e${tail}`.match(/../g)!;
    const joined = value.includes('.')
      ? [0, 2, 4].map((at) => pairs[at]! + pairs[at + 1]!).join('.')
      : pairs.join(/[:-]/.exec(value)?.[0] ?? '');
    return /[A-F]/.test(value) ? joined.toUpperCase() : joined;
  },
};
