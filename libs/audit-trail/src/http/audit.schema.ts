import { z } from 'zod';
import { PageQuery, sentId } from '#rest';

const Time = z.iso.datetime({ offset: true }).describe('ISO 8601, such as 2026-01-31T00:00:00Z');

const Actor = sentId('usr');

/** PostgreSQL takes no NUL in any text, so nothing can be found by one. */
const words = (max: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\u0000]*$/u, 'Expected text without control characters');

export const CheckpointQuery = PageQuery;

export const EventQuery = PageQuery.extend({
  actor: Actor.optional(),
  action: words(100).optional().describe('Such as dataset.export'),
  resource: words(255).optional().describe('Id of what it was done to'),
  result: z.enum(['allowed', 'denied', 'failed']).optional(),
  from: Time.optional(),
  to: Time.optional(),
});

export const RangeQuery = z.strictObject({ from: Time.optional(), to: Time.optional() });

export const AuditEventView = z
  .object({
    id: z.string(),
    at: z.string(),
    actor: z.string().nullable(),
    action: z.string(),
    resource: z.string(),
    result: z.enum(['allowed', 'denied', 'failed']),
    reason: z.string().nullable(),
    request_id: z.string().nullable(),
    ip: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    seq: z.int().nullable().describe('Its place in the chain; null until it is sealed, about a second'),
    hash: z.string().nullable(),
  })
  .meta({ id: 'AuditEvent' });

export const AuditEventPage = z
  .object({ items: z.array(AuditEventView), next_cursor: z.string().nullable() })
  .meta({ id: 'AuditEventPage' });

export const CheckpointView = z
  .object({
    tenant: z.string(),
    number: z.int(),
    count: z.int().describe('How many entries the chain had'),
    head: z.string().describe('Hash of the last of them'),
    at: z.string(),
    previous: z.string().describe('Hash of the checkpoint before'),
    key: z.string(),
    signature: z.string(),
  })
  .meta({ id: 'AuditCheckpoint' });

export const CheckpointPage = z
  .object({ items: z.array(CheckpointView), next_cursor: z.string().nullable() })
  .meta({ id: 'AuditCheckpointPage' });

export const VerificationView = z
  .object({
    ok: z.boolean(),
    tenant: z.string(),
    entries: z.int().describe('How many entries are good, from the first on'),
    checkpoints: z.int(),
    anchored: z.int().nullable().describe('Newest checkpoint that the object storage holds too'),
    head: z.string(),
    keys: z.array(z.string()),
    first_bad_seq: z.int().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'AuditVerification' });

export const KeysView = z
  .object({
    keys: z.array(
      z.object({
        id: z.string(),
        use: z.literal('audit'),
        algorithm: z.literal('Ed25519'),
        public_key: z.string().describe('PEM'),
      }),
    ),
  })
  .meta({ id: 'PublicKeys' });
