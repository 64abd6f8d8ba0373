import { z } from 'zod';
import { pageOf, sentId, text } from '#rest';
import { isTrustworthyUrl } from '../oidc/issuer-url.ts';
import { purpose } from './conditions.schema.ts';
import { roleName } from './role.schema.ts';

export const WorkloadId = z.strictObject({ id: sentId('wl') });
export type WorkloadId = z.infer<typeof WorkloadId>;

const claimName = z.string().regex(/^[A-Za-z0-9_.:/-]{1,128}$/, 'Expected the name of a claim');

export const NewWorkload = z
  .strictObject({
    name: text(255).min(1),
    issuer: z.string().max(255).refine(isTrustworthyUrl, 'Expected an https address'),
    audience: text(255).min(1).describe('aud of its tokens'),
    claims: z
      .record(claimName, z.array(text(1024)).min(1).max(50))
      .refine((claims) => Object.keys(claims).length >= 1 && Object.keys(claims).length <= 20, {
        message: 'Expected 1 to 20 claims',
      })
      .describe('What its tokens must say, each exactly one of these'),
    roles: z.array(roleName).min(1).max(20),
    purpose: purpose.nullable().default(null).describe('What its access tokens are for, whatever X-Purpose says'),
  })
  .meta({
    id: 'NewWorkload',
    example: {
      name: 'nightly import',
      issuer: 'https://token.actions.githubusercontent.com',
      audience: 'llm-data-vault',
      claims: { repository: ['example/training-data'], ref: ['refs/heads/main'] },
      roles: ['ci'],
    },
  });
export type NewWorkload = z.infer<typeof NewWorkload>;

export const WorkloadView = z
  .object({
    id: z.string().describe('Its client_id at POST /auth/token'),
    user_id: z.string().describe('As whom it acts'),
    name: z.string(),
    issuer: z.string(),
    audience: z.string(),
    claims: z.record(z.string(), z.array(z.string())),
    purpose: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'Workload' });
export const WorkloadPage = pageOf(WorkloadView, 'WorkloadPage');

const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';

/** RFC 8693; as JSON, or as the form that standard clients send. */
export const TokenRequest = z
  .strictObject({
    grant_type: z.literal('urn:ietf:params:oauth:grant-type:token-exchange'),
    client_id: sentId('wl'),
    subject_token: z.string().max(16_384),
    subject_token_type: z.enum([`${TOKEN_TYPE}jwt`, `${TOKEN_TYPE}id_token`]),
    requested_token_type: z.literal(`${TOKEN_TYPE}access_token`).optional(),
    audience: z.string().max(255).optional(),
    scope: z.string().max(1024).optional(),
  })
  .meta({
    id: 'TokenRequest',
    example: {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'wl_01jz0000000000000000000000',
      subject_token: 'eyJ…',
      subject_token_type: `${TOKEN_TYPE}jwt`,
    },
  });
export type TokenRequest = z.infer<typeof TokenRequest>;

export const ExchangedView = z
  .object({
    access_token: z.string(),
    issued_token_type: z.literal(`${TOKEN_TYPE}access_token`),
    token_type: z.literal('Bearer'),
    expires_in: z.int().describe('Seconds; there is no refresh token, the exchange is repeated'),
  })
  .meta({ id: 'ExchangedToken' });

export const ISSUED = `${TOKEN_TYPE}access_token`;
