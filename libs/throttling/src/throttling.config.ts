import { z } from 'zod';

const count = (byDefault: number): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(1_000_000).default(byDefault);

/** Top-level settings of the room: two of them carry no section in their names. */
export const throttlingConfig = {
  rate_limit_rps: z
    .number()
    .min(0.1)
    .max(100_000)
    .default(100)
    .describe('Reads a second that one caller may make in the long run, and as many writes'),
  rate_limit_burst: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(200)
    .describe('Reads that one caller may make at once, and as many writes'),
  rate_limits: z
    .object({
      sign_in_per_minute: count(20).describe('Sign-ins a minute from one address'),
      tenant_rps: count(1000).describe('Requests a second of everyone in one tenant together; twice as many at once'),
      bulk_per_minute: count(60).describe('Imports, batches and copies a minute that one caller may begin'),
      pii_per_minute: count(60).describe('Calls a minute of one caller to detect or anonymize text'),
      export_per_hour: count(10).describe('Exports an hour of one caller'),
    })
    .prefault({}),
  redis: z
    .object({
      url: z
        .string()
        .regex(/^rediss?:\/\//, 'expected redis://user:password@host:port, or rediss:// for TLS')
        .optional()
        .meta({ secret: true })
        .describe('Redis 7 or newer, where the replicas count together; without it each counts for itself'),
    })
    .prefault({}),
};
