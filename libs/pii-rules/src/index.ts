// pii-rules: what a tenant says of personal data: types of its own, values that are none, policies of what is done, and views.
import { AllowedValue } from './allowed-value.entity.ts';
import { CustomType } from './custom-type.entity.ts';
import { Policy } from './policy.entity.ts';
import { View } from './views/view.entity.ts';

export { PiiRulesModule } from './pii-rules.module.ts';
export type { PiiRulesOptions } from './pii-rules.module.ts';
export { AllowedValuesService } from './allowed-values.service.ts';
export { AnonymizationChoices } from './anonymization-choice.ts';
export type { AnonymizationChoice, AskChoice } from './anonymization-choice.ts';
export type { PolicyRef } from './policies.service.ts';
export { isOneWay, ONE_WAY, PolicyId, PolicyRefField } from './http/policy.schema.ts';
export { RecordSamples } from './record-samples.ts';
export { PlainReasons } from './plain-reasons.ts';
export { ViewsService } from './views/views.service.ts';
export type { ViewChoice } from './views/views.service.ts';
export { ViewUnusable } from './views/view.errors.ts';
export { TenantRules } from './tenant-rules.ts';

/** What this room keeps in the database. */
export const piiRuleEntities = [CustomType, AllowedValue, Policy, View];
