import { z } from 'zod';
import { isOneWay, ONE_WAY } from '#pii-rules';
import { pageOf, PageQuery, sentId } from '#rest';
import { DECIDED_AT_ONCE } from '../quarantine/decided.ts';
import { HELD_ACTIONS, ITEM_STATUSES } from '../quarantine/quarantine-item.entity.ts';
import { RISKS } from '../statistics.ts';
import { anonymizing, FindingView } from './dataset.schema.ts';
import { text } from './wire.ts';

const filters = {
  type: text(60).min(1).optional().describe('Only those in which this type was found'),
  min_risk: z.enum(RISKS).optional().describe('Of this risk or a higher one'),
  branch: z.string().min(1).max(255).optional().describe('Only what was to go onto this branch'),
  import_id: sentId('imp').optional().describe('Only what this import brought'),
};

export const QuarantineQuery = PageQuery.extend({ ...filters, status: z.enum(ITEM_STATUSES).default('held') });
export type QuarantineQuery = z.infer<typeof QuarantineQuery>;

export const QuarantinePath = z.strictObject({ id: sentId('ds'), item: sentId('qi') });
export type QuarantinePath = z.infer<typeof QuarantinePath>;

const QuarantineFilter = z.strictObject(filters);
export type QuarantineFilter = z.infer<typeof QuarantineFilter>;

const decision = {
  ids: z.array(sentId('qi')).min(1).max(DECIDED_AT_ONCE).optional().describe('Which; or a filter'),
  filter: QuarantineFilter.optional().describe(`Of those that are held, the first ${DECIDED_AT_ONCE} that it fits`),
  reason: text(500).min(3).describe('Kept in plain sight'),
};

function isOneChoice({ ids, filter }: { ids?: unknown; filter?: unknown }): boolean {
  return (ids === undefined) !== (filter === undefined);
}
const ONE_CHOICE = { path: ['ids'], message: 'Expected either ids or a filter' };

export const QuarantineRelease = z
  .strictObject({
    ...decision,
    anonymize: z
      .strictObject(anonymizing)
      .refine(isOneWay, ONE_WAY)
      .optional()
      .describe('Released without the personal data that is found; as they are when left out'),
  })
  .refine(isOneChoice, ONE_CHOICE)
  .meta({
    id: 'QuarantineRelease',
    example: {
      filter: { type: 'US_SSN' },
      reason: 'The texts are needed, the numbers are not',
      anonymize: { strategy: 'redact' },
    },
  });
export type QuarantineRelease = z.infer<typeof QuarantineRelease>;

export const QuarantineDiscard = z
  .strictObject(decision)
  .refine(isOneChoice, ONE_CHOICE)
  .meta({
    id: 'QuarantineDiscard',
    example: { filter: { min_risk: 'critical' }, reason: 'Nobody consented to that' },
  });
export type QuarantineDiscard = z.infer<typeof QuarantineDiscard>;

const item = {
  id: z.string(),
  record_id: z.string(),
  branch: z.string().describe('Onto which it was to go'),
  action: z.enum(HELD_ACTIONS),
  based_on: z.string().nullable().describe('ETag of the version it is to replace; null for a new record'),
  import_id: z.string().nullable(),
  types: z.array(z.string()).describe('What was found in it'),
  risk: z.string(),
  status: z.enum(ITEM_STATUSES),
  created_by: z.string(),
  created_at: z.string(),
  reason: z.string().nullable(),
  decided_by: z.string().nullable().describe('Who released or discarded it'),
  decided_at: z.string().nullable(),
  commit_id: z.string().nullable().describe('By which it got onto its branch'),
  anonymization: z
    .object({
      strategy: z.string(),
      strategies: z.record(z.string(), z.string()),
      types: z.array(z.string()).nullable(),
      policy: z.string().nullable(),
    })
    .nullable()
    .describe('What was done about personal data in it when it was released'),
};

export const QuarantineItemView = z.object(item).meta({ id: 'QuarantineItem' });
export const QuarantinePage = pageOf(QuarantineItemView, 'QuarantinePage');

export const QuarantineDetail = z
  .object({
    ...item,
    findings: z.array(FindingView.omit({ id: true })).describe('Never the values; empty once it is decided about'),
  })
  .meta({ id: 'QuarantineDetail' });

const decided = {
  has_more: z.boolean().describe('The filter fits more: send it again'),
  items: z.array(
    z.object({
      id: z.string(),
      record_id: z.string().nullable(),
      status: z.int().describe('200 when it was done; otherwise the status of the error, and it stays as it was'),
      code: z.string().nullable(),
    }),
  ),
};

export const ReleasedView = z
  .object({
    released: z.int(),
    commits: z.array(z.object({ branch: z.string(), commit_id: z.string() })),
    ...decided,
  })
  .meta({ id: 'QuarantineReleased' });

export const DiscardedView = z.object({ discarded: z.int(), ...decided }).meta({ id: 'QuarantineDiscarded' });
