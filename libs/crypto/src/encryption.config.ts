import { z } from 'zod';

export const encryptionConfig = z.object({
  kms_provider: z
    .enum(['local'])
    .default('local')
    .describe('Who keeps the root keys; local: MASTER_KEY or a keyring file'),
  master_key: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe(
      'Root key: 32 bytes as base64 or hex; after a rotation several, separated by commas, the current one first. Without it a keyring file is made and kept in DATA_DIR',
    ),
  cache_size: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe('Most unwrapped keys held in memory, of each kind'),
  cache_ttl_seconds: z.number().int().min(1).max(300).default(300).describe('Longest time an unwrapped key is held'),
});
export type EncryptionConfig = z.infer<typeof encryptionConfig>;
