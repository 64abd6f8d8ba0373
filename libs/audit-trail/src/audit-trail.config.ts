import { z } from 'zod';

const prefix = z.string().regex(/^([a-zA-Z0-9._-]+\/)*$/, 'expected nothing, or a path that ends with /');

export const auditConfig = z.object({
  checkpoint_seconds: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .default(60)
    .describe('Longest time an audit entry stands without a signed checkpoint behind it'),
  checkpoint_entries: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Most audit entries that stand without a signed checkpoint behind them'),
  path: z
    .string()
    .min(1)
    .optional()
    .describe('filesystem: the folder of anchors and daily exports; the default is audit in DATA_DIR'),
  anchor_bucket: z
    .string()
    .min(3)
    .max(63)
    .optional()
    .describe('s3: the bucket of the anchors, best one with object lock; the default is that of the storage'),
  anchor_prefix: prefix.default('audit/').describe('s3: what the names of anchors begin with'),
  export_bucket: z
    .string()
    .min(3)
    .max(63)
    .optional()
    .describe('s3: the bucket of the daily exports; the default is that of the storage'),
  export_prefix: prefix.default('audit-logs/').describe('s3: what the names of daily exports begin with'),
});
export type AuditConfig = z.infer<typeof auditConfig>;
