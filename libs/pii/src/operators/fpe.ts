import { luhnDigit } from '../checks/digit-sums.ts';
import { piiTypes } from '../pii-type.ts';
import { Ff1 } from './ff1.ts';
import { always, type Operator } from './operator.ts';

const FAMILIES = new Set(['money', 'government', 'health', 'vehicle', 'device', 'custom']);
const numbers = new Set(piiTypes.filter(({ family }) => FAMILIES.has(family)).map(({ type }) => type)).add(
  'PHONE_NUMBER',
);
const WITH_LUHN = new Set(['CREDIT_CARD', 'IMEI', 'ICCID']);
const DECIMAL = 10;
const ALPHANUMERIC = 36;

export const fpe: Operator = {
  name: 'fpe',
  description:
    'Encrypts the digits of cards, phones and ids into as many others (FF1, NIST SP 800-38G) and keeps the form. Ids with letters are encrypted with them. What has too few for that, and other types, are redacted. Applied again it encrypts again. The vault has no route that decrypts.',
  reversible: true,
  keyed: true,
  options: [
    {
      name: 'luhn',
      description: 'Of cards and device numbers: whether the check digit holds afterwards too',
      values: ['keep', 'any'],
      default: 'keep',
    },
  ],
  looksReal: always,
  apply: (type, value, { keys, options }) => {
    const isPossible = numbers.has(type) && /\d/.test(value);
    const key = isPossible ? keys.of('fpe', 'tenant') : null;
    const keepsLuhn = WITH_LUHN.has(type) && options['luhn'] !== 'any';
    return (key && encrypted(type, value, key, keepsLuhn)) ?? `[${type}]`;
  },
};

/** Null where there are too few characters. */
function encrypted(type: string, value: string, key: Uint8Array, keepsLuhn: boolean): string | null {
  const radix = /[A-Za-z]/.test(value) && type !== 'PHONE_NUMBER' ? ALPHANUMERIC : DECIMAL;
  const isLower = value === value.toLowerCase();
  const places = radix === DECIMAL ? /[0-9]/g : /[0-9A-Za-z]/g;
  const numerals = Array.from(value.match(places) ?? [], (character) => parseInt(character, radix));
  const free = keepsLuhn ? numerals.slice(0, -1) : numerals;
  if (!Ff1.takes(radix, free.length)) return null;
  const out = new Ff1(key, radix).encrypt(free, Buffer.from(type));
  if (keepsLuhn) out.push(luhnDigit(out));
  let next = 0;
  return value.replaceAll(places, () => {
    const written = out[next++]!.toString(radix);
    return isLower ? written : written.toUpperCase();
  });
}
