import { type Principal, showId } from '#kernel';
import { piiTypes, strategyNamed } from '#pii';
import type { PoliciesService, PolicyRef } from './policies.service.ts';
import { type PolicyTerms, strategiesNamed } from './presets/preset.ts';
import type { TenantRules } from './tenant-rules.ts';

export interface AskChoice {
  /** Then the rest is what it says. */
  policy?: PolicyRef;
  strategy?: string;
  strategies?: Record<string, string>;
  types?: string[];
}

/** What is looked for and what is done with it, with every name looked up. */
export interface AnonymizationChoice {
  strategy: string;
  strategies: Record<string, string>;
  /** The types that are acted on; null for all that are found. */
  types: string[] | null;
  /** The types that are looked for; null for those that are on by default, and the tenant's own. */
  scanTypes: string[] | null;
  minConfidence: number | null;
  /** Its name, and for one of a tenant its id and version, so that it can be told later what was done. */
  policy: string | null;
}

const onByDefault = piiTypes.filter(({ defaultOn }) => defaultOn).map(({ type }) => type);

/** Turns what was asked for into what is to be done. */
export class AnonymizationChoices {
  private readonly policies: PoliciesService;
  private readonly rules: TenantRules;

  constructor(policies: PoliciesService, rules: TenantRules) {
    this.policies = policies;
    this.rules = rules;
  }

  /** @throws PolicyNotFound, UnknownPiiType, UnknownStrategy */
  async of(caller: Principal, ask: AskChoice): Promise<AnonymizationChoice> {
    if (ask.policy !== undefined) return this.byPolicy(caller, ask.policy);
    const named = await this.rules.naming(caller.tenantId);
    const types = ask.types?.map(named) ?? null;
    return {
      strategy: strategyNamed(ask.strategy ?? 'redact'),
      strategies: strategiesNamed(ask.strategies ?? {}, named),
      types,
      scanTypes: types,
      minConfidence: null,
      policy: null,
    };
  }

  private async byPolicy(caller: Principal, ref: PolicyRef): Promise<AnonymizationChoice> {
    const policy = await this.policies.get(caller, ref);
    const own = (await this.rules.typesOf(caller.tenantId)).map(({ type }) => type);
    return { ...choiceBy(policy, own), policy: 'id' in policy ? labelOf('pol', policy) : policy.name };
  }
}

/** What terms come to for a tenant with these types of its own. */
export function choiceBy(
  { strategy, strategies, types, extraTypes, minConfidence }: Omit<PolicyTerms, 'description'>,
  own: readonly string[],
): Omit<AnonymizationChoice, 'policy'> {
  const all = extraTypes.length > 0 ? [...new Set([...onByDefault, ...own, ...extraTypes])] : null;
  const only = types && [...types];
  return { strategy, strategies: { ...strategies }, types: only, scanTypes: only ?? all, minConfidence };
}

/** Enough to know later what it was. */
export function labelOf(prefix: string, { id, name, version }: { id: string; name: string; version: number }): string {
  return `${name} (${showId(prefix, id)}, version ${version})`;
}
