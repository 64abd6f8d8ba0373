import { always, type Operator } from './operator.ts';

export const keep: Operator = {
  name: 'keep',
  description: 'Leaves the value as it is.',
  reversible: true,
  keyed: false,
  options: [],
  looksReal: always,
  apply: (_type, value) => value,
};
