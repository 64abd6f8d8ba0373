// pii-rules: what a tenant says of personal data: types of its own, and values that are none.
import { AllowedValue } from './allowed-value.entity.ts';
import { CustomType } from './custom-type.entity.ts';

export { PiiRulesModule } from './pii-rules.module.ts';
export type { PiiRulesOptions } from './pii-rules.module.ts';
export { AllowedValuesService } from './allowed-values.service.ts';
export { PlainReasons } from './plain-reasons.ts';
export { TenantRules } from './tenant-rules.ts';

/** What this room keeps in the database. */
export const piiRuleEntities = [CustomType, AllowedValue];
