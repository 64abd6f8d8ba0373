import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';

export const NewAllowedValue = z
  .strictObject({
    value: z.string().min(1).max(1000).nullable().default(null).describe('Only a keyed hash of it is kept'),
    type: text(60).min(1).nullable().default(null).describe('Only when it is taken for this; any type when null'),
    dataset_id: sentId('ds').nullable().default(null).describe('Only in this dataset; everywhere when null'),
    reason: text(500).min(3).describe('Why it is no personal data here; kept in plain sight'),
    expires_at: z.iso
      .datetime({ offset: true })
      .refine((at) => new Date(at) > new Date(), 'Expected a time that is still to come')
      .nullable()
      .default(null)
      .describe('From then on it is found again'),
  })
  .refine(({ value, type, dataset_id }) => value !== null || (type !== null && dataset_id !== null), {
    message: 'Expected a value, or a type and a dataset in which all of that type is allowed',
    path: ['value'],
  })
  .meta({
    id: 'NewAllowedValue',
    example: {
      value: 'support@example.org',
      reason: 'The address of the help desk',
      expires_at: '2099-12-31T00:00:00Z',
    },
  });
export type NewAllowedValue = z.infer<typeof NewAllowedValue>;

export const AllowedValueId = z.strictObject({ id: sentId('alw') });
export type AllowedValueId = z.infer<typeof AllowedValueId>;

export const AllowedValueView = z
  .object({
    id: z.string(),
    of: z.enum(['value', 'type']).describe('One value, or all of a type in a dataset'),
    type: z.string().nullable(),
    dataset_id: z.string().nullable(),
    reason: z.string(),
    expires_at: z.string().nullable(),
    created_by: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'AllowedValue' });
export const AllowedValuePage = pageOf(AllowedValueView, 'AllowedValuePage');
