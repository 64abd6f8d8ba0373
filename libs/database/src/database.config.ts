import { z } from 'zod';

export const databaseConfig = z.object({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/name')
    .optional()
    .meta({ secret: true })
    .describe('PostgreSQL 15 or newer; without it the embedded database in DATA_DIR is used'),
  max_connections: z.number().int().min(2).max(1000).default(10).describe('Largest number of pooled connections'),
  min_connections: z.number().int().min(0).max(1000).default(0).describe('Connections kept open when idle'),
  connect_timeout_seconds: z.number().int().min(1).max(60).default(5).describe('Longest wait for a connection'),
  idle_timeout_seconds: z.number().int().min(1).max(3600).default(30).describe('When an idle connection is closed'),
});
export type DatabaseConfig = z.infer<typeof databaseConfig>;
