import { always, type Operator } from './operator.ts';
import { scopeOf, scopeOption } from './scope.option.ts';
import { standInFor } from './stand-ins/all-stand-ins.ts';

export const replace: Operator = {
  name: 'replace',
  description:
    'Puts a value in place that looks real and belongs to nobody: invented names, example.org, phone numbers, cards and addresses that are reserved for examples. Types without such values are redacted.',
  reversible: false,
  keyed: true,
  options: [scopeOption('document')],
  looksReal: always,
  apply: (type, value, { keys, options }) => standInFor(type, value, keys, scopeOf(options, 'document')) ?? `[${type}]`,
};
