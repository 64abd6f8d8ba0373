import { z } from 'zod';
import { PageQuery } from '#rest';
import { RISKS } from '../statistics.ts';
import { said } from './record.schema.ts';
import { jsonOrUndefined, Ref, text, ViewName } from './wire.ts';

const scalar = z.union([z.string().max(256), z.number(), z.boolean()]);
const bound = z.union([z.string().max(256), z.number()]).optional();
const FieldFilter = z.strictObject({
  eq: scalar.optional(),
  in: z.array(scalar).max(100).optional(),
  exists: z.boolean().optional(),
  gt: bound,
  gte: bound,
  lt: bound,
  lte: bound,
});
const MetadataFilter = z.record(text(64).min(1), z.union([scalar, FieldFilter]));

/** A filter on metadata as JSON in the query: `{"lang":"de","score":{"gte":0.5}}`. */
const metadataFilter = z
  .string()
  .max(4096)
  .transform((sent, context) => {
    const parsed = MetadataFilter.safeParse(jsonOrUndefined(sent));
    if (parsed.success && Object.keys(parsed.data).length <= 32) return parsed.data;
    context.addIssue({ code: 'custom', message: 'Expected JSON like {"lang":"de","score":{"gte":0.5}}' });
    return z.NEVER;
  })
  .describe('JSON: fields with a value, or with eq, in, exists, gt, gte, lt, lte');

export const RecordQuery = PageQuery.extend({
  ref: Ref,
  view: ViewName,
  external_id: said.external_id.optional(),
  label: text(100).min(1).optional(),
  split: said.split.optional(),
  source: said.source.optional(),
  license: said.license.optional(),
  language: said.language.optional(),
  min_risk: z.enum(RISKS).optional().describe('Something of this risk or a higher one was found'),
  pii_type: text(60).min(1).optional().describe('Something of this type was found'),
  metadata: metadataFilter.optional(),
});
export type RecordQuery = z.infer<typeof RecordQuery>;
