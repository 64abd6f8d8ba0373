import { z } from 'zod';
import { isTrustworthyUrl } from './oidc/issuer-url.ts';

const serverUrl = z.string().refine(isTrustworthyUrl, 'expected an https address');

/** Top-level settings of the room: they carry no section in their names. */
export const authConfig = {
  jwt_secret: z
    .string()
    .min(32, 'expected at least 32 characters')
    .optional()
    .meta({ secret: true })
    .describe('Signs access tokens; the embedded default makes one and keeps it in DATA_DIR'),
  jwt_secret_previous: z
    .array(z.string().min(32, 'expected at least 32 characters'))
    .max(5)
    .default([])
    .meta({ secret: true })
    .describe('Earlier secrets whose tokens are still taken; without them a new secret ends every session'),
  jwt_issuer: z.string().min(1).default('llm-data-vault').describe('`iss` of access tokens'),
  jwt_audience: z.string().min(1).default('llm-data-vault').describe('`aud` of access tokens'),
  access_token_minutes: z.number().int().min(1).max(60).default(15).describe('How long an access token lives'),
  refresh_token_days: z.number().int().min(1).max(30).default(7).describe('How long a refresh token lives'),
  session_idle_hours: z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('A session that is not refreshed for so long ends; 30 days after its beginning each one ends'),
  public_url: serverUrl
    .optional()
    .describe('Where people reach this server, without a path; identity providers send them back there'),
  oidc: z
    .object({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens')
        .default('sso')
        .describe('What the identity provider is called in addresses: /api/v1/auth/oidc/{name}/start'),
      issuer: serverUrl.optional().describe('Sign-in by OpenID Connect: the issuer of the identity provider'),
      client_id: z.string().min(1).optional().describe('As what this server is known there'),
      client_secret: z.string().min(1).optional().meta({ secret: true }).describe('None for a public client'),
      scopes: z.array(z.string()).default(['openid', 'email', 'profile']).describe('What is asked for'),
      email_domains: z
        .array(z.string().min(1))
        .default([])
        .describe('Whose people are let in: the domains of their verified addresses'),
      roles_claim: z.string().min(1).default('groups').describe('Claim of the ID token that roles are made of'),
      roles: z
        .array(z.string().regex(/^.+=[a-z][a-z0-9-]*$/, 'expected group=role'))
        .default([])
        .describe('Which role a value of that claim means, as group=role'),
      tenant: z.string().min(1).default('default').describe('Slug of the tenant its people are in'),
    })
    .prefault({}),
  workload_issuers: z
    .array(serverUrl)
    .default(['https://token.actions.githubusercontent.com'])
    .describe('Issuers that tenants may trust for token exchange; this server asks no others for keys'),
  bootstrap: z
    .object({
      admin_email: z
        .string()
        .min(3)
        .default('admin@example.org')
        .describe('First administrator, made on the first start'),
      admin_password: z
        .string()
        .min(15, 'expected at least 15 characters')
        .max(256)
        .optional()
        .meta({ secret: true })
        .describe('Password of the first administrator; without it one is made and printed once'),
    })
    .prefault({}),
};
