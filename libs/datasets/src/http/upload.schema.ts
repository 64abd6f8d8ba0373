import { z } from 'zod';
import { showId } from '#kernel';
import { PageQuery, pageOf, sentId, text } from '#rest';
import { DELIMITERS, COLUMN_TYPES, ENCODINGS } from '../formats/csv/dialect.ts';
import { saidFrom, saidFromOf } from './said-from.schema.ts';
import type { Upload } from '../uploads/upload.entity.ts';
import { MAX_PART, MAX_PARTS } from '../uploads/upload.parts.ts';
import type { UploadTotals } from '../uploads/upload.repository.ts';
import type { NewUpload as AskUpload } from '../uploads/uploads.service.ts';

const MAX_SIZE = MAX_PART * MAX_PARTS;

export const NewUpload = z
  .strictObject({
    name: text(255).min(1).describe('For people to find it again; kept in plain sight'),
    size: z.int().min(1).max(MAX_SIZE).optional().describe('Bytes of the whole; checked when it is completed'),
    content_type: z.enum(['application/x-ndjson', 'application/json', 'text/csv', 'application/vnd.apache.parquet']),
    content_encoding: z
      .enum(['gzip', 'zstd'])
      .optional()
      .describe('How the whole file is packed; its parts are cuts of it'),
    branch: z.string().min(1).max(255).optional().describe('The default branch when left out'),
    message: text(4096).optional().describe('What the commit says'),
    strict: z.boolean().optional().describe('All or nothing'),
    delimiter: z.enum(['comma', 'semicolon', 'tab', 'pipe']).optional().describe('CSV only'),
    header: z.boolean().optional().describe('CSV only: whether the first row names the columns'),
    encoding: z.enum(ENCODINGS).optional().describe('CSV only'),
    types: z
      .record(z.string().max(255), z.enum(COLUMN_TYPES))
      .optional()
      .describe('CSV only: columns by name; * is every other'),
    ...saidFrom,
  })
  .meta({ id: 'NewUpload', example: { name: 'train.jsonl', content_type: 'application/x-ndjson' } });
export type NewUpload = z.infer<typeof NewUpload>;

export const UploadId = z.strictObject({ id: sentId('upl') });
export const PartPath = UploadId.extend({ number: z.coerce.number().int().min(1).max(MAX_PARTS) });
export const UploadsQuery = PageQuery;

const fields = {
  id: z.string(),
  dataset_id: z.string(),
  name: z.string(),
  status: z.enum(['open', 'importing', 'completed']),
  size: z.int().nullable(),
  content_type: z.string(),
  content_encoding: z.string().nullable(),
  branch: z.string(),
  strict: z.boolean(),
  job_id: z.string().nullable().describe('The job that imports it; its progress, and why it failed, are there'),
  import_id: z.string().nullable().describe('The latest try; GET /imports/{id}/errors has the rows that are wrong'),
  commit_id: z.string().nullable().describe('What it became'),
  created_at: z.string(),
  expires_at: z.string(),
};

export const ListedUpload = z.object(fields).meta({ id: 'ListedUpload' });
export const UploadPage = pageOf(ListedUpload, 'UploadPage');
export const UploadView = z
  .object({
    ...fields,
    bytes: z.int().describe('That have arrived'),
    parts: z.array(z.object({ from: z.int(), to: z.int() })).describe('Numbers of the parts that are there'),
  })
  .meta({ id: 'Upload' });
export const PartView = z
  .object({ number: z.int(), bytes: z.int(), sha256: z.string().describe('Of the bytes that arrived, in hex') })
  .meta({ id: 'UploadPart' });

export function askedUpload(body: NewUpload): AskUpload {
  const { name, size = null, content_type: type, content_encoding = null, strict = false, branch, message } = body;
  const { delimiter, header, encoding, types } = body;
  const csv = { delimiter: delimiter && DELIMITERS[delimiter], header, encoding, types };
  return { name, size, type, encoding: content_encoding, branch, message, strict, csv, saidFrom: saidFromOf(body) };
}

export function uploadView(upload: Upload, totals?: UploadTotals): object {
  const { id, datasetId, jobId, importId, commitId, options } = upload;
  return {
    id: showId('upl', id),
    dataset_id: showId('ds', datasetId),
    name: upload.name,
    status: upload.state,
    size: upload.size,
    content_type: upload.contentType,
    content_encoding: upload.contentEncoding,
    branch: options.branch,
    strict: options.strict,
    job_id: jobId && showId('job', jobId),
    import_id: importId && showId('imp', importId),
    commit_id: commitId && showId('cm', commitId),
    created_at: upload.createdAt.toISOString(),
    expires_at: upload.expiresAt.toISOString(),
    ...(totals && { bytes: totals.bytes, parts: totals.ranges }),
  };
}

/** The SHA-256 that `Content-Digest` names (RFC 9530), as bytes; null where it names none, undefined where it cannot be read. */
export function digestNamed(header: string | undefined): Buffer | null | undefined {
  const named = header?.split(',').find((each) => /^\s*sha-256\s*=/i.test(each));
  if (named === undefined) return null;
  const value = /=\s*:([A-Za-z0-9+/]{43}=):\s*$/.exec(named)?.[1];
  return value === undefined ? undefined : Buffer.from(value, 'base64');
}
