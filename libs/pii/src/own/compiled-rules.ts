import type { AllowedRule, OwnRules, OwnType } from './own-rules.ts';
import { OwnTypeMatcher } from './own-type.matcher.ts';

export interface CompiledRules {
  matchers: readonly OwnTypeMatcher[];
  allowed: readonly AllowedRule[];
}

/** Of so many tenants a thread remembers the rules: they are the same for task after task. */
const KEPT = 16;
const known = new Map<string, CompiledRules>();

export function compiledRules({ id, types, allowed }: OwnRules): CompiledRules {
  let compiled = known.get(id);
  if (compiled) return compiled;
  compiled = {
    matchers: (JSON.parse(types) as OwnType[]).map((type) => new OwnTypeMatcher(type)),
    allowed: JSON.parse(allowed) as AllowedRule[],
  };
  if (known.size >= KEPT) known.delete(known.keys().next().value!);
  known.set(id, compiled);
  return compiled;
}
