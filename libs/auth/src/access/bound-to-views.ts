import { defineError } from '#kernel';
import { isMasked } from '../permissions.ts';
import type { Rule } from './rule.ts';

export const ConditionMisplaced = defineError(
  'condition-misplaced',
  'invalid',
  () => 'Views bind record:read-masked and dataset:export-masked, and no other permission.',
);

/**
 * A server of the release before knows neither views nor these permissions, so it opens nothing by them. Any other permission
 * it would take for one without a condition.
 *
 * @throws ConditionMisplaced
 */
export function mustBindMasked({ permissions, conditions }: Pick<Rule, 'permissions' | 'conditions'>): void {
  if (!conditions.views || permissions.every(isMasked)) return;
  const detail = 'Expected it only beside permissions for reading through views';
  throw new ConditionMisplaced().with({ issues: [{ pointer: '/conditions/views', detail }] });
}
