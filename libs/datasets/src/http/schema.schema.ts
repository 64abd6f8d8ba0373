import { z } from 'zod';
import { RECORD_KINDS } from '../schemas/record-kinds.ts';

const kind = z
  .enum(RECORD_KINDS)
  .describe('What each record is for, and so must be; free is any JSON value, and asks nothing');

export const NewSchemaBody = z
  .strictObject({
    record_kind: kind.default('free'),
    schema: z
      .record(z.string(), z.unknown())
      .nullable()
      .default(null)
      .describe('JSON Schema, draft 2020-12, for the content of each record; null for none beyond the kind'),
    force: z
      .boolean()
      .default(false)
      .describe('Also when records on the default branch do not fit; needs dataset:protect'),
  })
  .meta({ id: 'NewSchema', example: { record_kind: 'free', schema: { type: ['object', 'string'] } } });
export type NewSchemaBody = z.infer<typeof NewSchemaBody>;

export const SchemaQuery = z.strictObject({
  version: z.coerce.number().int().min(1).max(1_000_000_000).optional().describe('The one that holds when left out'),
});

export const SchemaView = z
  .object({
    dataset_id: z.string(),
    version: z.int().describe('0 where there never was one'),
    record_kind: kind,
    schema: z.record(z.string(), z.unknown()).nullable(),
    created_by: z.string().nullable(),
    created_at: z.string().nullable(),
  })
  .meta({ id: 'DatasetSchema' });
