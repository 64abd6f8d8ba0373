import { subjectOf } from '../../subject.ts';
import type { Draw } from '../draw.ts';
import { bareOf, inForm, type StandIn } from './stand-in.ts';

interface Range {
  country: string;
  /** Of the national number, before the digits that may be any. */
  start: string;
  free: number;
}

const AREAS =
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 228 229 231 234 239 240 248 251 252 253 254 256 260 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 330 334 336 337 347 351 352 360 361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 432 434 440 443 469 478 479 480 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 540 541 551 559 561 562 563 567 570 571 573 574 575 580 585 586';

/** Numbers that regulators keep free for film and print: NANPA (555-01xx), Ofcom, Bundesnetzagentur, ARCEP. */
const RANGES: readonly Range[] = [
  ...ranges(
    '1',
    2,
    AREAS.split(' ')
      .map((area) => `${area}55501`)
      .join(' '),
  ),
  ...ranges('44', 3, '2079460 1632960 7700900'),
  ...ranges('49', 3, '3023125 6990009 4066969 8999998'),
  ...ranges('33', 4, '19900 26191 35301 46571 53649 63998'),
];
const byCountry = Map.groupBy(RANGES, ({ country }) => country);
const ELSEWHERE = '1';

/** Of such a number every sixteenth is ours, so that the others, as they stand in examples, are replaced too. */
const EVERY = 16;
const OURS = 7;

export const phoneNumber: StandIn = {
  isOurs: (value) => {
    const number = subjectOf('PHONE_NUMBER', value)?.replace('+', '');
    return number !== undefined && isMarked(number) && RANGES.some((range) => isIn(range, number));
  },
  make: (value, draw) => {
    const digits = subjectOf('PHONE_NUMBER', value)?.replace('+', '') ?? '';
    const country = ['44', '49', '33', '1'].find((code) => digits.startsWith(code)) ?? ELSEWHERE;
    return written(value, country, nationalIn(country, draw));
  },
};

function nationalIn(country: string, draw: Draw): string {
  for (;;) {
    const { start, free } = draw.of(byCountry.get(country)!);
    const national = start + draw.digits(free);
    if (isMarked(country + national)) return national;
  }
}

/** As the value is written, where it has as many digits. */
function written(value: string, country: string, national: string): string {
  const isAbroad = /^\s*(?:\+|00)/.test(value);
  const inside = country === '1' ? national : `0${national}`;
  const all = isAbroad ? `${/^\s*00/.test(value) ? '00' : ''}${country}${national}` : inside;
  if (bareOf(value).length === all.length && !/[a-z]/i.test(value)) return inForm(value, all);
  return isAbroad ? `+${country} ${national}` : inside;
}

function isIn({ country, start, free }: Range, number: string): boolean {
  const prefix = country + start;
  return number.startsWith(prefix) && number.length === prefix.length + free;
}

function isMarked(number: string): boolean {
  let rest = 0;
  for (const digit of number) rest = (rest * 7 + Number(digit)) % EVERY;
  return rest === OURS;
}

function ranges(country: string, free: number, starts: string): Range[] {
  return starts.split(' ').map((start) => ({ country, start, free }));
}
