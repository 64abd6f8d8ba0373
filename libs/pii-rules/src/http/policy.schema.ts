import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';

const typeName = z.string().min(1).max(60);
const strategyName = z.string().min(1).max(80);
const types = z.array(typeName).min(1).max(200);
const presetName = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'Expected the name of a preset, or an id');

/** Presets go by their names, and a tenant's own by their ids. */
export const PolicyRefField = z.union([sentId('pol').transform((id) => ({ id })), presetName]);
/** Beside a policy nothing else is said: for bodies that take either. */
export function isOneWay({ policy, strategy, strategies, types: only }: OneWay): boolean {
  return policy === undefined || [strategy, strategies, only].every((each) => each === undefined);
}
export const ONE_WAY = { message: 'Expected a policy, or strategies and types', path: ['policy'] };

type OneWay = Partial<Record<'policy' | 'strategy' | 'strategies' | 'types', unknown>>;

export const PolicyId = z.strictObject({ id: PolicyRefField });
export type PolicyId = z.infer<typeof PolicyId>;

const terms = {
  name: text(120).min(1),
  description: text(500),
  strategy: strategyName.describe('For types that strategies does not name, see /pii/strategies'),
  strategies: z.record(typeName, strategyName).describe('What is done, by type'),
  types: types.nullable().describe('The only types acted on; null: all that are on by default, and your own'),
  extra_types: z.array(typeName).max(200).describe('Types that are off by default, looked for too'),
  min_confidence: z.number().min(0).max(1).nullable().describe('null: what the server is set to'),
};

const fields = z.strictObject(terms);
export const NewPolicy = fields
  .partial()
  .extend({ name: terms.name, based_on: PolicyRefField.optional().describe('What is not said is as in this one') })
  .meta({ id: 'NewPolicy', example: { name: 'research', based_on: 'hipaa', strategies: { PERSON: 'mask' } } });
export type NewPolicy = z.infer<typeof NewPolicy>;

export const PolicyTermsBody = z
  .strictObject({
    ...terms,
    description: terms.description.default(''),
    strategies: terms.strategies.default({}),
    types: terms.types.default(null),
    extra_types: terms.extra_types.default([]),
    min_confidence: terms.min_confidence.default(null),
  })
  .meta({ id: 'PolicyTerms', example: { name: 'for reports', strategy: 'mask', strategies: { PASSWORD: 'remove' } } });
export type PolicyTermsBody = z.infer<typeof PolicyTermsBody>;

export const PolicyView = z
  .object({
    ...terms,
    id: z.string().describe('The name of a preset'),
    preset: z.boolean(),
    version: z.int().nullable().describe('The ETag; null for presets'),
  })
  .meta({ id: 'Policy' });
export const PolicyPage = pageOf(PolicyView, 'PolicyPage');
