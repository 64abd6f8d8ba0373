import { UnknownStrategy } from './pii.errors.ts';
import { generalize } from './operators/generalize.ts';
import { keep } from './operators/keep.ts';
import { keyedHash } from './operators/keyed-hash.ts';
import { mask } from './operators/mask.ts';
import type { Operator } from './operators/operator.ts';
import { redact } from './operators/redact.ts';
import { remove } from './operators/remove.ts';

const operators: readonly Operator[] = [redact, mask, keyedHash, generalize, remove, keep];
const byName = new Map(operators.map((operator) => [operator.name, operator]));

/** What can be done with a finding. */
export const strategies: readonly { name: string; description: string; reversible: boolean }[] = operators.map(
  ({ name, description, reversible }) => ({ name, description, reversible }),
);

/**
 * The name of a strategy, for a name in any case.
 *
 * @throws UnknownStrategy
 */
export function strategyNamed(name: string): string {
  return operatorNamed(name).name;
}

/** @throws UnknownStrategy */
export function operatorNamed(name: string): Operator {
  const operator = byName.get(name.trim().toLowerCase());
  if (!operator) throw new UnknownStrategy();
  return operator;
}
