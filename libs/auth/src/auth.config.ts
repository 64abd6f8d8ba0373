import { z } from 'zod';

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
