import { z } from 'zod';

export const HealthView = z
  .object({ status: z.enum(['healthy', 'unhealthy']) })
  .meta({ id: 'Health', example: { status: 'healthy' } });
export const LivenessView = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', example: { status: 'ok' } });
export const ReadinessView = z
  .object({ status: z.enum(['ready', 'not_ready']) })
  .meta({ id: 'Readiness', example: { status: 'ready' } });

const Status = z.enum(['healthy', 'degraded', 'unhealthy']);

/** Named one by one: a fact that a part begins to tell about itself is not shown to everyone before it is written here. */
const ComponentView = z
  .object({
    status: Status,
    latency_ms: z.int().optional().describe('Time its answer took'),
    active: z.boolean().optional().describe('Whether it is so now'),
    busy: z.boolean().optional().describe('Alive a moment ago, and no connection is free to ask it again'),
    configured: z.boolean().optional().describe('false: there is none, and it is not needed'),
    jwt_key_id: z.string().optional().describe('Names the key that access tokens are signed with'),
    pending: z.int().optional().describe('Migrations that are not applied yet'),
    skew_ms: z.int().optional().describe('How far the clock here is ahead of the one of the database'),
  })
  .meta({ id: 'HealthComponent' });

export const DetailedHealthView = z
  .object({
    status: Status,
    version: z.string(),
    maintenance: z.boolean().describe('Whether writes are refused with 503 MAINTENANCE'),
    components: z.record(z.string(), ComponentView),
  })
  .meta({
    id: 'DetailedHealth',
    example: {
      status: 'healthy',
      version: '1.0.0',
      maintenance: false,
      components: {
        database: { status: 'healthy', latency_ms: 2 },
        redis: { status: 'healthy', latency_ms: 1 },
        storage: { status: 'healthy' },
      },
    },
  });
export type DetailedHealthView = z.infer<typeof DetailedHealthView>;
