import { z } from 'zod';

export const storageConfig = z.object({
  backend: z
    .enum(['memory', 'filesystem', 's3'])
    .default('filesystem')
    .describe('Where sealed objects are kept; memory forgets them at the end'),
  max_object_size: z
    .number()
    .int()
    .min(8 * 1024 * 1024)
    .max(5 * 1024 ** 3)
    .default(16 * 1024 * 1024)
    .describe('Largest object, in bytes; segments have up to 8 MiB'),
  s3: z
    .object({
      bucket: z.string().min(3).max(63).optional().describe('s3: the bucket, which exists; required there'),
      region: z.string().min(1).default('us-east-1').describe('s3: the region of the bucket'),
      prefix: z
        .string()
        .regex(/^([a-zA-Z0-9._-]+\/)*$/, 'expected nothing, or a path that ends with /')
        .default('data/')
        .describe('s3: what the names of objects begin with'),
      endpoint: z.url().optional().describe('s3: address of another server than AWS, such as https://s3.example.org'),
    })
    .prefault({}),
  filesystem: z
    .object({
      path: z.string().min(1).optional().describe('filesystem: the folder; the default is blobs in DATA_DIR'),
    })
    .prefault({}),
});
export type StorageConfig = z.infer<typeof storageConfig>;
