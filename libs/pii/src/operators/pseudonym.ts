import { hashed } from './keyed-hash.ts';
import { always, type Operator } from './operator.ts';
import { scopeOf, scopeOption } from './scope.option.ts';
import { standInFor } from './stand-ins/all-stand-ins.ts';

export const pseudonym: Operator = {
  name: 'pseudonym',
  description:
    'Gives the same person the same invented name, and the same value the same invented one, in a document, a dataset or all of them. What nothing can be invented for becomes a keyed hash.',
  reversible: false,
  keyed: true,
  options: [scopeOption('dataset')],
  looksReal: always,
  apply: (type, value, { keys, options }) => {
    const scope = scopeOf(options, 'dataset');
    return standInFor(type, value, keys, scope) ?? hashed(type, value, keys.of('pseudonym', scope));
  },
};
