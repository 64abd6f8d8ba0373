import { never, type Operator } from './operator.ts';

export const remove: Operator = {
  name: 'remove',
  description: 'Leaves the value out.',
  reversible: false,
  keyed: false,
  options: [],
  looksReal: never,
  apply: () => '',
};
