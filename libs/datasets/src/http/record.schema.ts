import { z } from 'zod';
import { pageOf, sentId } from '#rest';
import { MOST_SAID } from '../writes/attributes.ts';
import { text } from './wire.ts';

const most = MOST_SAID.metadata;
const Metadata = z
  .record(text(most.name).min(1), z.union([text(most.text), z.number(), z.boolean()]))
  .refine((fields) => Object.keys(fields).length <= most.count, { message: `Expected at most ${most.count} fields` });

/** What may be said of a record. It is kept in plain sight, and refused when it holds personal data. */
export const said = {
  external_id: text(MOST_SAID.externalId)
    .min(1)
    .describe('What you call it; one record of that name at a time on a branch'),
  labels: z.array(text(MOST_SAID.labels.each).min(1)).max(MOST_SAID.labels.count),
  split: text(MOST_SAID.split).min(1).describe('train, validation, test …'),
  source: text(MOST_SAID.source).min(1),
  license: text(MOST_SAID.license).min(1),
  language: text(MOST_SAID.language).min(1).describe('A language tag such as en or de-CH'),
  metadata: Metadata.describe('Texts, numbers and booleans to filter by'),
};

const Content = z
  .unknown()
  .refine((value) => value !== undefined, { message: 'Expected the content: any JSON value' })
  .describe('The record itself: any JSON value');

const EXAMPLE = {
  content: { messages: [{ role: 'user', content: 'Hello' }] },
  labels: ['greeting'],
  split: 'train',
  metadata: { rating: 4, reviewed: true },
};

const body = { content: Content, ...z.object(said).partial().shape };

export const NewRecord = z.strictObject(body).meta({ id: 'NewRecord', example: EXAMPLE });
export type NewRecord = z.infer<typeof NewRecord>;

export const RecordReplacement = z.strictObject(body).meta({ id: 'RecordReplacement', example: EXAMPLE });
export type RecordReplacement = z.infer<typeof RecordReplacement>;

const nullable = z.object({
  external_id: said.external_id.nullable(),
  labels: said.labels.nullable(),
  split: said.split.nullable(),
  source: said.source.nullable(),
  license: said.license.nullable(),
  language: said.language.nullable(),
  metadata: z.record(text(most.name).min(1), z.union([text(most.text), z.number(), z.boolean(), z.null()])).nullable(),
});

export const RecordPatch = z
  .strictObject({ content: z.unknown().optional(), ...nullable.partial().shape })
  .meta({ id: 'RecordPatch', example: { content: { reviewed: true }, labels: ['checked'] } });
export type RecordPatch = z.infer<typeof RecordPatch>;

const version = z
  .string()
  .max(100)
  .optional()
  .describe('ETag of the version to change: refused when there is a newer one');
const changed = { id: sentId('rec'), if_match: version };

export const RecordBatch = z
  .strictObject({
    items: z
      .array(
        z.discriminatedUnion('op', [
          z.strictObject({ op: z.literal('create'), ...body }),
          z.strictObject({ op: z.literal('replace'), ...changed, ...body }),
          z.strictObject({
            op: z.literal('patch'),
            ...changed,
            content: z.unknown().optional(),
            ...nullable.partial().shape,
          }),
          z.strictObject({ op: z.literal('delete'), ...changed }),
        ]),
      )
      .min(1)
      .max(1000),
  })
  .meta({
    id: 'RecordBatch',
    example: {
      items: [
        { op: 'create', content: { text: 'one' } },
        { op: 'create', content: { text: 'two' } },
      ],
    },
  });
export type RecordBatch = z.infer<typeof RecordBatch>;

const shown = z.object({
  external_id: z.string().nullable(),
  labels: z.array(z.string()),
  split: z.string().nullable(),
  source: z.string().nullable(),
  license: z.string().nullable(),
  language: z.string().nullable(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const RecordView = z
  .object({
    id: z.string(),
    content: z.unknown().describe('The record, byte for byte as it was imported'),
    bytes: z.int(),
    risk: z.string().describe('The highest risk of what was found in it'),
    leaf: z.string().describe('Its commitment, hex'),
    ...shown.shape,
  })
  .meta({ id: 'Record' });

export const RecordPage = pageOf(RecordView, 'RecordPage');

/** Without its content: who may write need not be one who may read. */
export const WrittenView = z
  .object({
    id: z.string(),
    commit_id: z.string(),
    version: z.string().describe('Its ETag'),
    bytes: z.int(),
    risk: z.string(),
    ...shown.shape,
  })
  .meta({ id: 'WrittenRecord' });

/** Of a write that a gate holds back. */
export const HeldView = z
  .object({
    id: z.string().describe('The record: as it was before on the branch, or not there'),
    quarantine_id: z.string(),
    types: z.array(z.string()).describe('What was found in it'),
    risk: z.string(),
  })
  .meta({ id: 'HeldRecord' });

/** One or the other. */
export const WriteAnswer = z.union([WrittenView, HeldView]);

export const BatchView = z
  .object({
    commit_id: z.string().nullable().describe('Null when nothing was committed'),
    items: z.array(
      z.object({
        status: z.int(),
        id: z.string().nullable(),
        version: z.string().nullable(),
        code: z.string().nullable(),
        quarantine_id: z.string().optional().describe('With status 202: the item is held back by a gate'),
        errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
      }),
    ),
  })
  .meta({ id: 'BatchResult' });

export const HistoryView = pageOf(
  z.object({
    change: z.enum(['added', 'changed', 'removed']),
    commit_id: z.string(),
    author_id: z.string(),
    message: z.string(),
    at: z.string(),
    version: z.string().nullable().describe('ETag of the version; null where the record was removed'),
    bytes: z.int().nullable(),
    risk: z.string().nullable(),
  }),
  'RecordHistory',
);
