import { showId } from '#kernel';
import type { Policy } from '../policy.entity.ts';
import type { PolicyTerms, Preset } from '../presets/preset.ts';
import type { View } from '../views/view.entity.ts';
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
    min_confidence: shownConfidence(minConfidence),
    version: own ? policy.version : null,
  };
}

export function viewView(view: View): object {
  const { name, description, policy, strategy, strategies, types, without, version } = view;
  return {
    id: showId('vw', view.id),
    name,
    description,
    policy,
    strategy,
    strategies,
    types,
    extra_types: view.extraTypes,
    min_confidence: shownConfidence(view.minConfidence),
    without,
    version,
    created_by: showId('usr', view.createdBy),
    created_at: view.createdAt.toISOString(),
    updated_at: view.updatedAt.toISOString(),
  };
}

/** Without what single precision adds. */
function shownConfidence(confidence: number | null): number | null {
  return confidence === null ? null : Math.round(confidence * 1000) / 1000;
}

/** Only what was sent. */
export function policyTermsFrom({ extra_types, min_confidence, ...sent }: Omit<NewPolicy, 'name' | 'based_on'>) {
  return {
    ...sent,
    ...(extra_types !== undefined && { extraTypes: extra_types }),
    ...(min_confidence !== undefined && { minConfidence: min_confidence }),
  } satisfies Partial<PolicyTerms>;
}
