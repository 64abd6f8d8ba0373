import { z } from 'zod';
import { CLASSIFICATIONS } from '#auth';
import { isOneWay, ONE_WAY, PolicyRefField } from '#pii-rules';
import { sentId } from '#rest';
import { COLUMN_TYPES, ENCODINGS } from '../formats/csv/dialect.ts';
import { RECORD_KINDS } from '../schemas/record-kinds.ts';
import { saidFrom } from './said-from.schema.ts';
import { CountsByName, jsonOrUndefined, pageOf, text } from './wire.ts';

export const NewDataset = z
  .strictObject({
    name: text(255).min(1),
    description: text(4096).optional(),
    classification: z.enum(CLASSIFICATIONS).optional().describe('How guarded it is; confidential when left out'),
    record_kind: z.enum(RECORD_KINDS).optional().describe('What each record is for; free when left out'),
  })
  .meta({ id: 'NewDataset', example: { name: 'support-chat', description: 'Conversations of the help desk' } });
export type NewDataset = z.infer<typeof NewDataset>;

export const DatasetChange = z
  .strictObject({ name: text(255).min(1).optional(), description: text(4096).optional() })
  .meta({ id: 'DatasetChange', example: { description: 'Conversations of the help desk, in English' } });
export type DatasetChange = z.infer<typeof DatasetChange>;

export const NewClassification = z
  .strictObject({ classification: z.enum(CLASSIFICATIONS) })
  .meta({ id: 'NewClassification', example: { classification: 'internal' } });
export type NewClassification = z.infer<typeof NewClassification>;

export const DatasetId = z.strictObject({ id: sentId('ds') });

export const DatasetView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    classification: z.enum(CLASSIFICATIONS),
    default_branch: z.string(),
    record_kind: z.enum(RECORD_KINDS),
    schema_version: z.int().describe('Which schema holds, see /schema; 0 for none'),
    version: z.int(),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Dataset' });

export const DatasetPage = pageOf(DatasetView, 'DatasetPage');

export const StatisticsView = z
  .object({
    commit_id: z.string(),
    records: z.int(),
    bytes: z.int().describe('Of the record lines, without line ends'),
    findings_by_type: z.record(z.string(), z.int()),
    findings_by_risk: z.record(z.string(), z.int()),
    records_by_risk: z.record(z.string(), z.int()),
    records_by_split: CountsByName.nullable().describe(
      'Null where it was not counted: at commits of an earlier release, and of more than 200 splits',
    ),
  })
  .meta({ id: 'Statistics' });

export const LineageView = z
  .object({
    items: z.array(
      z.object({
        kind: z.string(),
        from_dataset_id: z.string(),
        from_commit_id: z.string(),
        to_dataset_id: z.string(),
        to_commit_id: z.string(),
        details: z.record(z.string(), z.unknown()),
        created_at: z.string(),
      }),
    ),
    next_cursor: z.null(),
  })
  .meta({ id: 'Lineage' });

export const FindingView = z
  .object({
    id: z.string(),
    type: z.string(),
    path: z.string().describe('RFC 6901; keys that could be personal data are shown as *'),
    start: z.int().describe('UTF-16 offset in the string at path'),
    end: z.int(),
    confidence: z.number(),
    risk_level: z.string(),
    detector: z.string(),
    rule_version: z.int(),
  })
  .meta({ id: 'Finding' });

export const FindingPage = pageOf(FindingView, 'FindingPage');

const ColumnTypes = z.record(z.string().max(255), z.enum(COLUMN_TYPES));

/** JSON in the query: `{"zip":"text","*":"text"}`. */
const columnTypes = z
  .string()
  .max(8192)
  .transform((sent, context) => {
    const parsed = ColumnTypes.safeParse(jsonOrUndefined(sent));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `Expected JSON like {"zip":"text"} with ${COLUMN_TYPES.join(', ')}` });
    return z.NEVER;
  })
  .describe('CSV only: JSON, the types of columns by name; * is every other');

export const ImportQuery = z.strictObject({
  branch: z.string().min(1).max(255).optional().describe('The default branch when left out'),
  message: text(4096).optional().describe('What the commit says'),
  strict: z.enum(['true', 'false']).optional().describe('true: all or nothing'),
  dry_run: z.enum(['true', 'false']).optional().describe('true: look at everything, write nothing'),
  delimiter: z.enum(['comma', 'semicolon', 'tab', 'pipe']).optional().describe('CSV only; found out when left out'),
  header: z.enum(['true', 'false']).optional().describe('CSV only: whether the first row names the columns'),
  encoding: z.enum(ENCODINGS).optional().describe('CSV only; found out when left out'),
  types: columnTypes.optional(),
  ...saidFrom,
});
export type ImportQuery = z.infer<typeof ImportQuery>;

const FileView = z
  .object({
    type: z.enum(['jsonl', 'json', 'csv', 'parquet']),
    encoding: z.string().optional(),
    delimiter: z.string().optional(),
    header: z.boolean().optional(),
    columns: z
      .array(z.object({ name: z.string().describe('* where it could be personal data'), type: z.string() }))
      .optional(),
  })
  .describe('How the file was read: what was not said was found out by looking at its beginning');

const Place = z.object({ pointer: z.string(), detail: z.string() });

/** What would come of an import. */
export const TriedImportView = z
  .object({
    status: z.enum(['would_complete', 'would_complete_with_errors', 'would_fail']),
    records: z.int(),
    rejected: z.int(),
    quarantined: z.int().describe('Rows that a gate holds back: they are on no branch until somebody releases them'),
    bytes: z.int(),
    findings_by_type: z.record(z.string(), z.int()),
    format: FileView,
    errors: z.array(Place).describe('The first hundred'),
    gates: z.array(Place).describe('What the gates of the branch would refuse the import for: the first hundred'),
  })
  .meta({ id: 'TriedImport' });

export const ImportView = z
  .object({
    id: z.string(),
    dataset_id: z.string(),
    status: z.enum(['running', 'completed', 'completed_with_errors', 'failed']),
    commit_id: z.string().nullable(),
    records: z.int(),
    rejected: z.int(),
    quarantined: z.int().describe('Rows that a gate holds back: they are on no branch until somebody releases them'),
    bytes: z.int(),
    findings_by_type: z.record(z.string(), z.int()),
    format: FileView.nullable(),
    failure: z.string().nullable(),
    created_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: 'Import' });

/** What is done about personal data: a policy, or strategies and types. */
export const anonymizing = {
  strategy: z
    .string()
    .max(80)
    .optional()
    .describe('What is done with what is found: see /pii/strategies; redact when left out'),
  strategies: z.record(z.string().max(60), z.string().max(80)).optional().describe('Other strategies, by type'),
  types: z.array(z.string().max(60)).min(1).max(200).optional().describe('Only these types; all when left out'),
  policy: PolicyRefField.optional().describe('A policy, see /anonymization-policies, in place of strategies and types'),
};

export const NewAnonymization = z
  .strictObject({
    name: text(255).min(1).describe('Name of the new dataset'),
    ref: z.string().min(1).max(255).optional(),
    ...anonymizing,
  })
  .refine(isOneWay, ONE_WAY)
  .meta({ id: 'NewAnonymization', example: { name: 'support-chat-safe', strategy: 'redact' } });
export type NewAnonymization = z.infer<typeof NewAnonymization>;
