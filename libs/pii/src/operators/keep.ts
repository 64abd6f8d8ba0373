import type { Operator } from './operator.ts';

export const keep: Operator = {
  name: 'keep',
  description: 'Leaves the value as it is.',
  reversible: true,
  apply: (_type, value) => value,
};
