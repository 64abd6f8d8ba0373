import { UnknownStrategy } from './pii.errors.ts';
import { dateShift } from './operators/date-shift.ts';
import { fpe } from './operators/fpe.ts';
import { generalize } from './operators/generalize.ts';
import { keep } from './operators/keep.ts';
import { keyedHash } from './operators/keyed-hash.ts';
import { mask } from './operators/mask.ts';
import type { Operator, OperatorOption, Options } from './operators/operator.ts';
import { pseudonym } from './operators/pseudonym.ts';
import { redact } from './operators/redact.ts';
import { remove } from './operators/remove.ts';
import { replace } from './operators/replace.ts';
import { truncate } from './operators/truncate.ts';

const operators: readonly Operator[] = [
  redact,
  mask,
  replace,
  pseudonym,
  keyedHash,
  fpe,
  dateShift,
  generalize,
  truncate,
  remove,
  keep,
];
const byName = new Map(operators.map((operator) => [operator.name, operator]));

export type StrategyInfo = Pick<Operator, 'name' | 'description' | 'reversible' | 'keyed' | 'options'>;

/** What can be done with a finding. */
export const strategies: readonly StrategyInfo[] = operators.map(
  ({ name, description, reversible, keyed, options }) => ({ name, description, reversible, keyed, options }),
);

/** An operator, and how it is to work. */
export interface Strategy {
  operator: Operator;
  options: Options;
}

/**
 * The canonical form of a strategy: its name, in any case, and behind colons its options: `mask:first=1:last=4`.
 *
 * @throws UnknownStrategy
 */
export function strategyNamed(name: string): string {
  const { operator, options } = strategyOf(name);
  const said = operator.options.filter((option) => options[option.name] !== undefined);
  return [operator.name, ...said.map((option) => `${option.name}=${options[option.name]}`)].join(':');
}

/** Whether a strategy needs a key. @throws UnknownStrategy */
export function isKeyed(name: string): boolean {
  return strategyOf(name).operator.keyed;
}

/** @throws UnknownStrategy */
export function strategyOf(name: string): Strategy {
  const [wanted, ...said] = name.trim().toLowerCase().split(':');
  const operator = byName.get((wanted ?? '').replaceAll('-', '_'));
  if (!operator) throw new UnknownStrategy();
  const options: Record<string, string> = {};
  for (const each of said) {
    const [key, value] = each.split('=') as [string, string | undefined];
    const option = operator.options.find((known) => known.name === key);
    if (!option || value === undefined || key in options || !isOf(option, value)) throw new UnknownStrategy();
    options[key] = value;
  }
  return { operator, options };
}

function isOf({ values, min = 0, max = 0 }: OperatorOption, value: string): boolean {
  if (values) return values.includes(value);
  return /^\d{1,5}$/.test(value) && Number(value) >= min && Number(value) <= max;
}
