import { z } from 'zod';

/** No rule on length or form: a sign-in only compares. 1,024 characters keep hashing cheap. */
export const Credentials = z
  .strictObject({ email: z.string().max(320), password: z.string().max(1024) })
  .meta({ id: 'Credentials', example: { email: 'admin@example.org', password: 'a passphrase of five words' } });
export type Credentials = z.infer<typeof Credentials>;

export const TokenView = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds until the token ends'),
  })
  .meta({ id: 'Token' });

export const AccountView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    permissions: z.array(z.string()),
  })
  .meta({ id: 'Account' });
