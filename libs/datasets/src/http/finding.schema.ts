import { z } from 'zod';
import { PageQuery, sentId } from '#rest';
import { DECISIONS } from '../findings/finding-decision.entity.ts';
import { type FindingKey, parseFinding } from '../findings/finding-key.ts';
import { STATUSES } from '../findings/finding.repository.ts';
import { RISKS } from '../statistics.ts';
import { FindingView } from './dataset.schema.ts';
import { pageOf, Ref, text } from './wire.ts';

const filters = {
  type: text(60).min(1).optional().describe('Only of this type'),
  min_risk: z.enum(RISKS).optional().describe('Of this risk or a higher one'),
  status: z.enum(STATUSES).optional(),
};

export const DatasetFindingsQuery = PageQuery.extend({ ...filters, ref: Ref });
export type DatasetFindingsQuery = z.infer<typeof DatasetFindingsQuery>;

export const FindingsQuery = PageQuery.extend({
  ...filters,
  dataset_id: sentId('ds').optional().describe('Only in this dataset'),
});
export type FindingsQuery = z.infer<typeof FindingsQuery>;

const findingKey: z.ZodType<FindingKey, string> = z
  .string()
  .max(80)
  .transform((sent, context) => {
    const key = parseFinding(sent);
    if (key) return key;
    context.addIssue({ code: 'custom', message: 'Expected an id that a list of findings gave out' });
    return z.NEVER;
  })
  .meta({ description: 'Id with prefix fnd_' });

export const FindingPath = z.strictObject({ id: findingKey });
export type FindingPath = z.infer<typeof FindingPath>;

export const NewDecision = z
  .strictObject({
    decision: z.enum(DECISIONS).describe('false_positive: its value is allowed in its dataset from now on'),
    reason: text(500).min(3).describe('Kept in plain sight'),
    expires_at: z.iso
      .datetime({ offset: true })
      .refine((at) => new Date(at) > new Date(), 'Expected a time that is still to come')
      .nullable()
      .default(null)
      .describe('From then on it is open again'),
  })
  .meta({ id: 'NewDecision', example: { decision: 'false_positive', reason: 'The address of the help desk' } });
export type NewDecision = z.infer<typeof NewDecision>;

export const ListedFindingView = FindingView.extend({
  dataset_id: z.string(),
  record_id: z.string(),
  status: z.enum(STATUSES),
  decision: z
    .object({
      decision: z.enum(DECISIONS),
      reason: z.string(),
      decided_by: z.string(),
      decided_at: z.string(),
      expires_at: z.string().nullable(),
      version: z.int().describe('The ETag'),
    })
    .nullable(),
}).meta({ id: 'ListedFinding' });
export const ListedFindingPage = pageOf(ListedFindingView, 'ListedFindingPage');
