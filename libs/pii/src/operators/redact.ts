import type { Operator } from './operator.ts';

export const redact: Operator = {
  name: 'redact',
  description: 'Puts the name of the type in place of the value: [EMAIL_ADDRESS].',
  reversible: false,
  apply: (type) => `[${type}]`,
};
