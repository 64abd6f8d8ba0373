import { z } from 'zod';
import { pageOf, sentId } from '#rest';
import { datasetPermissions } from '../permissions.ts';
import { ConditionsBody, ConditionsView, effect } from './conditions.schema.ts';
import { future, roleName } from './role.schema.ts';

export const GrantedDataset = z.strictObject({ id: sentId('ds') });
export type GrantedDataset = z.infer<typeof GrantedDataset>;

export const GrantPath = z.strictObject({ id: sentId('ds'), grant: sentId('grt') });
export type GrantPath = z.infer<typeof GrantPath>;

export const NewGrant = z
  .strictObject({
    user_id: sentId('usr').optional(),
    role: roleName.optional().describe('Either this or user_id: everybody who has the role'),
    effect: effect.default('allow'),
    permissions: z.array(z.enum(datasetPermissions)).min(1).max(datasetPermissions.length),
    conditions: ConditionsBody,
    expires_at: future.nullable().default(null),
  })
  .refine(({ user_id, role }) => (user_id === undefined) !== (role === undefined), {
    message: 'Expected either user_id or role',
    path: ['user_id'],
  })
  .meta({
    id: 'NewGrant',
    example: {
      role: 'ml-engineer',
      permissions: ['record:read', 'dataset:export'],
      conditions: { purposes: ['training'] },
      expires_at: '2099-12-31T00:00:00Z',
    },
  });
export type NewGrant = z.infer<typeof NewGrant>;

export const GrantView = z
  .object({
    id: z.string(),
    dataset_id: z.string(),
    user_id: z.string().nullable(),
    role: z.string().nullable(),
    effect: z.string(),
    permissions: z.array(z.string()),
    conditions: ConditionsView,
    expires_at: z.string().nullable(),
    created_by: z.string(),
    created_at: z.string(),
  })
  .meta({ id: 'Grant' });
export const GrantPage = pageOf(GrantView, 'GrantPage');
