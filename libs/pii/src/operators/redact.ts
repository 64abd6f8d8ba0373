import { never, type Operator } from './operator.ts';

export const redact: Operator = {
  name: 'redact',
  description: 'Puts the name of the type in place of the value: [EMAIL_ADDRESS].',
  reversible: false,
  keyed: false,
  options: [],
  looksReal: never,
  apply: (type) => `[${type}]`,
};
