import { type Scope, SCOPES } from './operator-keys.ts';
import type { OperatorOption, Options } from './operator.ts';

/** How far the same value becomes the same, `standard` where nothing is said. */
export function scopeOption(standard: Scope): OperatorOption {
  const description =
    'How far the same value becomes the same. What is sent to /pii/anonymize counts as a dataset of its own.';
  return { name: 'scope', description, values: SCOPES, default: standard };
}

export function scopeOf(options: Options, standard: Scope): Scope {
  return (options['scope'] as Scope | undefined) ?? standard;
}
