import { luhnDigit } from '../../checks/digit-sums.ts';
import { bareOf, inForm, type StandIn } from './stand-in.ts';

/** The beginnings of cards that are for trying, by brand, each with a mark of ours behind it. */
const CARDS: readonly (readonly [brand: RegExp, start: string])[] = [
  [/^3[47]/, '37828207'],
  [/^(?:5|2[2-7])/, '55555507'],
  [/^6/, '60111107'],
  [/^35/, '35301107'],
  [/./, '40000007'],
];
const ANY_CARD = /^(?:37828207|55555507|60111107|35301107|40000007)/;

/** Test cards with a check digit that holds. */
export const creditCard: StandIn = {
  isOurs: (value) => ANY_CARD.test(bareOf(value)),
  make: (value, draw) => {
    const bare = bareOf(value);
    const start = CARDS.find(([brand]) => brand.test(bare))![1];
    return inForm(value, withLuhn(start + draw.digits(Math.max(6, bare.length - start.length - 1))));
  },
};

const NO_BANK = 4;

/** Of the same country, with check digits that hold, and of a bank with the number nought, which there is not. */
export const iban: StandIn = {
  isOurs: (value) => /^[A-Z]{2}\d{2}(?:0000|XXXX)/.test(bareOf(value)),
  make: (value, draw) => {
    const bare = bareOf(value);
    if (!/^[A-Z]{2}\d{2}[0-9A-Z]{10,30}$/.test(bare)) return null;
    const account = Array.from(bare.slice(4), (character, at) => {
      const isDigit = /\d/.test(character);
      if (at < NO_BANK) return isDigit && /^\d{4}/.test(bare.slice(4)) ? '0' : 'X';
      return isDigit ? String(draw.below(10)) : 'ABCDEFGHJKLMNPRSTUVWXYZ'.charAt(draw.below(23));
    }).join('');
    return inForm(value, bare.slice(0, 2) + checkDigits(bare.slice(0, 2), account) + account);
  },
};

/** ISO 13616: what makes the whole leave 1 modulo 97. */
function checkDigits(country: string, account: string): string {
  const digits = Array.from(`${account}${country}00`, (character) => parseInt(character, 36)).join('');
  return String(98n - (BigInt(digits) % 97n)).padStart(2, '0');
}

/** 900 to 999 begin no social security number, and 01 to 49 behind them no taxpayer number. */
export const socialSecurity: StandIn = {
  isOurs: (value) => /^9\d\d(?:0[1-9]|[1-4]\d)\d{4}$/.test(bareOf(value)),
  make: (value, draw) => {
    const group = String(1 + draw.below(49)).padStart(2, '0');
    return inForm(value, `9${draw.digits(2)}${group}${draw.digits(4)}`);
  },
};

/** QQ is in no number of the United Kingdom: it is for examples. */
export const nationalInsurance: StandIn = {
  isOurs: (value) => /^QQ\d{6}[A-D]?$/.test(bareOf(value)),
  make: (value, draw) =>
    inForm(value, `QQ${draw.digits(6)}${'ABCD'.charAt(draw.below(4))}`.slice(0, bareOf(value).length)),
};

/** 001 is the type of phones in test, and the country of their networks. */
export const imei: StandIn = {
  isOurs: (value) => /^001\d{12,13}$/.test(bareOf(value)),
  make: (value, draw) => (bareOf(value).length === 15 ? inForm(value, withLuhn(`001${draw.digits(11)}`)) : null),
};
export const imsi: StandIn = {
  isOurs: (value) => /^00101\d{10}$/.test(bareOf(value)),
  make: (value, draw) => (bareOf(value).length === 15 ? inForm(value, `00101${draw.digits(10)}`) : null),
};

function withLuhn(digits: string): string {
  return digits + luhnDigit(Array.from(digits, Number));
}
