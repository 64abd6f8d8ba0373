import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';
import { roleName } from './role.schema.ts';

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,255}$/;
export const email = text(320).regex(EMAIL, 'Expected an e-mail address');
const roles = z.array(roleName).max(20);

export const UserId = z.strictObject({ id: sentId('usr') });
export type UserId = z.infer<typeof UserId>;

export const NewUser = z
  .strictObject({
    email,
    roles: roles.default([]),
    password: z.string().max(1024).optional().describe('When left out, the answer has an invitation to choose one'),
  })
  .meta({ id: 'NewUser', example: { email: 'grace@example.org', roles: [] } });
export type NewUser = z.infer<typeof NewUser>;

export const UserChange = z
  .strictObject({
    roles: roles.optional(),
    disabled: z.boolean().optional().describe('true closes the account and ends its sessions'),
  })
  .meta({ id: 'UserChange', example: { roles: [] } });
export type UserChange = z.infer<typeof UserChange>;

export const UserRevocation = z
  .strictObject({ api_keys: z.boolean().default(false).describe('true: the API keys of the user too') })
  .prefault({})
  .meta({ id: 'UserRevocation', example: { api_keys: true } });
export type UserRevocation = z.infer<typeof UserRevocation>;

export const UserView = z
  .object({
    id: z.string(),
    email: z.string(),
    roles: z.array(z.string()),
    status: z.enum(['active', 'invited', 'locked', 'disabled']),
    created_at: z.string(),
  })
  .meta({ id: 'User' });
export const UserPage = pageOf(UserView, 'UserPage');

export const InvitedView = UserView.extend({
  invitation: z.string().nullable().describe('Hand it to the user, who sets a password with it; shown only now'),
}).meta({ id: 'InvitedUser' });
