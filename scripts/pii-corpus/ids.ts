// Numbers with check digits as states, doctors and makers give them; written apart from the rules that find them.
import { luhnDigit } from '../sample-data/checksums.ts';
import type { Random } from '../sample-data/random.ts';

type Make = (random: Random) => string;

export const DIGITS = '0123456789';
export const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const two = (number: number): string => String(number).padStart(2, '0');
const sum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);

/** `9` a digit, `A` a letter, `#` one from 1 to 7; anything else as it is. */
export function shaped(pattern: string): Make {
  return (random) =>
    pattern.replaceAll(/[9A#]/g, (sign) =>
      sign === 'A' ? random.text(LETTERS, 1) : sign === '#' ? String(random.between(1, 7)) : random.text(DIGITS, 1),
    );
}

/** Drawn until the check holds. */
function until(make: Make, holds: (value: string) => boolean): Make {
  return (random) => {
    for (;;) {
      const value = make(random);
      if (holds(value)) return value;
    }
  };
}

const withLuhn =
  (make: Make): Make =>
  (random) => {
    const body = make(random);
    return body + luhnDigit(body);
  };
const day = (random: Random): string => two(random.between(1, 28));
const month = (random: Random): string => two(random.between(1, 12));
const year = (random: Random): string => two(random.between(40, 99));
const bornFirst = (random: Random): string => year(random) + month(random) + day(random);

function cpf(random: Random): string {
  let digits = String(random.between(1, 9)) + random.text(DIGITS, 8);
  for (const length of [9, 10]) {
    const rest =
      sum(
        digits,
        Array.from({ length }, (_, i) => length + 1 - i),
      ) % 11;
    digits += rest < 2 ? '0' : String(11 - rest);
  }
  return `${digits.slice(0, 3)}.${digits.slice(3, 6)}.${digits.slice(6, 9)}-${digits.slice(9)}`;
}

function nhs(random: Random): string {
  const weights = [10, 9, 8, 7, 6, 5, 4, 3, 2];
  const body = until(shaped('499999999'), (value) => sum(value, weights) % 11 !== 1)(random);
  const digits = body + String((11 - (sum(body, weights) % 11)) % 11);
  return `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`;
}

function nir(random: Random): string {
  const body = `${random.between(1, 2)}${year(random)}${month(random)}${random.between(10, 89)}${random.text(DIGITS, 6)}`;
  return body + two(97 - Number(BigInt(body) % 97n));
}

function ahv(random: Random): string {
  const body = `756${random.text(DIGITS, 9)}`;
  const digits = body + String((10 - (sum(body, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10);
  return `756.${digits.slice(3, 7)}.${digits.slice(7, 11)}.${digits.slice(11)}`;
}

function nrn(random: Random): string {
  const body = bornFirst(random) + random.text(DIGITS, 3);
  const check = two(97 - (Number(body) % 97));
  return `${body.slice(0, 2)}.${body.slice(2, 4)}.${body.slice(4, 6)}-${body.slice(6)}.${check}`;
}

function hetu(random: Random): string {
  const body = day(random) + month(random) + year(random);
  const number = String(random.between(2, 899)).padStart(3, '0');
  return `${body}-${number}${'0123456789ABCDEFHJKLMNPRSTUVWXY'.charAt(Number(body + number) % 31)}`;
}

function dea(random: Random): string {
  const body = random.text(DIGITS, 6);
  return `B${random.text(LETTERS, 1)}${body}${sum(body, [1, 2, 1, 2, 1, 2]) % 10}`;
}

export const IDS = {
  sin: withLuhn(shaped('#9999999')),
  zaId: withLuhn((random) => `${bornFirst(random)}${random.text(DIGITS, 4)}08`),
  personnummer: (random: Random) => {
    const digits = withLuhn((of) => bornFirst(of) + of.text(DIGITS, 3))(random);
    return `${digits.slice(0, 6)}-${digits.slice(6)}`;
  },
  imei: withLuhn(shaped('35999999999999')),
  cpf,
  nhs,
  nir,
  ahv,
  nrn,
  hetu,
  dea,
  nifPt: until(shaped('299999999'), (value) => {
    const rest = sum(value, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    return Number(value[8]) === (rest < 2 ? 0 : 11 - rest);
  }),
  tfn: until(shaped('#99999999'), (value) => sum(value, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0),
  abn: until(shaped('#9999999999'), (value) => (sum(value, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0),
  nino: shaped('AB 99 99 99 C'),
  pan: (random: Random) => `${random.text(LETTERS, 3)}P${random.text(LETTERS, 1)}${random.text(DIGITS, 4)}K`,
  mbi: (random: Random) =>
    shaped('#')(random) + 'EG4' + random.text('ACDEFGHJKMNPQRTUVWXY', 1) + 'E5MK' + two(random.between(10, 99)),
} as const;
