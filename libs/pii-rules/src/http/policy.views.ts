import { showId } from '#kernel';
import type { Policy } from '../policy.entity.ts';
import type { PolicyTerms, Preset } from '../presets/preset.ts';
import type { NewPolicy } from './policy.schema.ts';

export function policyView(policy: Policy | Preset): object {
  const { name, description, strategy, strategies, types, extraTypes, minConfidence } = policy;
  const own = 'id' in policy;
  return {
    id: own ? showId('pol', policy.id) : name,
    name,
    description,
    preset: !own,
    strategy,
    strategies,
    types,
    extra_types: extraTypes,
    min_confidence: minConfidence === null ? null : Math.round(minConfidence * 1000) / 1000,
    version: own ? policy.version : null,
  };
}

/** Only what was sent. */
export function policyTermsFrom({ extra_types, min_confidence, ...sent }: Omit<NewPolicy, 'name' | 'based_on'>) {
  return {
    ...sent,
    ...(extra_types !== undefined && { extraTypes: extra_types }),
    ...(min_confidence !== undefined && { minConfidence: min_confidence }),
  } satisfies Partial<PolicyTerms>;
}
