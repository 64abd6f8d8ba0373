import { type Operator, never } from './operator.ts';

const STANDARD = 4;
const MARK = '…';

export const truncate: Operator = {
  name: 'truncate',
  description: 'Keeps the first characters, of a short value at most half of them, and puts … in place of the rest.',
  reversible: false,
  keyed: false,
  options: [{ name: 'length', description: 'How many characters stay', min: 1, max: 100, default: STANDARD }],
  looksReal: never,
  apply: (_type, value, { options }) => {
    if (value.endsWith(MARK)) return value;
    const characters = Array.from(value);
    const kept = Math.min(Number(options['length'] ?? STANDARD), characters.length >> 1);
    return characters.slice(0, kept).join('').trimEnd() + MARK;
  },
};
