import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';
import { allPermissions } from '../permissions.ts';
import { ConditionsBody, ConditionsChange, ConditionsView, effect } from './conditions.schema.ts';

export const ROLE_NAME = /^[a-z][a-z0-9-]{1,62}$/;
export const roleName = z.string().regex(ROLE_NAME, 'Expected lower-case letters, digits and hyphens');

const permissionList = z.array(z.enum(allPermissions)).min(1).max(allPermissions.length);

export const NewRole = z
  .strictObject({
    name: roleName.describe('Never changes: users and grants name it'),
    description: text(255).default(''),
    effect: effect.default('allow'),
    permissions: permissionList,
    conditions: ConditionsBody,
  })
  .meta({
    id: 'NewRole',
    example: {
      name: 'research-reader',
      description: 'Reads what is public or internal, for research',
      permissions: ['dataset:read', 'record:read'],
      conditions: { purposes: ['research'], classifications: ['public', 'internal'] },
    },
  });
export type NewRole = z.infer<typeof NewRole>;

export const RoleChange = z
  .strictObject({
    description: text(255).optional(),
    effect: effect.optional(),
    permissions: permissionList.optional(),
    conditions: ConditionsChange.optional(),
  })
  .meta({ id: 'RoleChange', example: { permissions: ['dataset:read'] } });
export type RoleChange = z.infer<typeof RoleChange>;

/** Built-in roles go by their names, and others by their ids. */
export const RoleId = z.strictObject({ id: z.union([sentId('role').transform((id) => ({ id })), roleName]) });
export type RoleId = z.infer<typeof RoleId>;

const RuleView = z.object({
  effect: z.string(),
  permissions: z.array(z.string()),
  conditions: ConditionsView,
});

export const RoleView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    built_in: z.boolean(),
    rules: z.array(RuleView),
    version: z.int().nullable().describe('The ETag; null for built-in ones'),
  })
  .meta({ id: 'Role' });
export const RolePage = pageOf(RoleView, 'RolePage');

export const PermissionView = z
  .object({
    name: z.string(),
    description: z.string(),
    grantable: z.boolean().describe('Whether it can be granted for one dataset'),
  })
  .meta({ id: 'Permission' });
export const PermissionPage = pageOf(PermissionView, 'PermissionPage');

export const future = z.iso
  .datetime({ offset: true })
  .refine((at) => new Date(at) > new Date(), 'Expected a time that is still to come');

export const RoleLoan = z
  .strictObject({ role: roleName, expires_at: future })
  .meta({ id: 'RoleLoan', example: { role: 'auditor', expires_at: '2099-12-31T00:00:00Z' } });
export type RoleLoan = z.infer<typeof RoleLoan>;

export const HeldRoleView = z
  .object({ role: z.string(), expires_at: z.string().nullable().describe('null: until further notice') })
  .meta({ id: 'HeldRole' });
export const HeldRolePage = pageOf(HeldRoleView, 'HeldRolePage');

export const HeldRolePath = z.strictObject({ id: sentId('usr'), role: roleName });
export type HeldRolePath = z.infer<typeof HeldRolePath>;
