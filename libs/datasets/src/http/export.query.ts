import { z } from 'zod';
import { EXPORT_FORMATS, type ExportOptions, TEMPLATES } from '../export/export.options.ts';
import { RecordQuery } from './record.query.ts';
import { filterFrom } from './record.views.ts';
import { text } from './wire.ts';

const MOST_SHARDS = 10_000;

const shard = z
  .string()
  .max(20)
  .transform((sent, context) => {
    const [, index, of] = /^(\d{1,5})\/(\d{1,5})$/.exec(sent)?.map(Number) ?? [];
    if (index !== undefined && of !== undefined && index < of && of <= MOST_SHARDS) return { index, of };
    context.addIssue({ code: 'custom', message: `Expected a shard such as 0/4, of at most ${MOST_SHARDS}` });
    return z.NEVER;
  })
  .describe('i/n, from 0/n to (n-1)/n: every record is in one of them, whatever is added later');

export const ExportQuery = RecordQuery.omit({ limit: true, cursor: true }).extend({
  format: z.enum(EXPORT_FORMATS).default('jsonl'),
  template: z.enum(TEMPLATES).optional().describe('Told in the words of a trainer; as it was imported when left out'),
  skip_unfit: z
    .enum(['true', 'false'])
    .optional()
    .describe('true: records that do not fit the template are left out, and counted'),
  pii: z.enum(['none', 'any']).optional().describe('Only records in which nothing, or something, was found'),
  shard: shard.optional(),
  shuffle_seed: text(100).min(1).optional().describe('Shuffled; the same order for the same seed'),
  after: z.coerce.number().int().min(0).default(0).describe('So many records you have already: it goes on behind them'),
});
export type ExportQuery = z.infer<typeof ExportQuery>;

export function exportOptions(query: ExportQuery): ExportOptions {
  const { ref, view, format, template, pii, after } = query;
  return {
    ref,
    view,
    format,
    template,
    filter: { ...filterFrom(query), pii },
    shard: query.shard,
    shuffleSeed: query.shuffle_seed,
    after,
    skipUnfit: query.skip_unfit === 'true',
  };
}

/** As they are named in a manifest: what was asked for, but for what only says which commit. */
export function namedOptions({ ref: _ref, shard: part, ...options }: ExportQuery): Record<string, unknown> {
  const sent = Object.entries({ ...options, ...(part && { shard: `${part.index}/${part.of}` }) });
  return Object.fromEntries(sent.filter(([, value]) => value !== undefined));
}

export const ManifestView = z
  .object({
    version: z.literal(1),
    tenant: z.string(),
    dataset: z.string(),
    commit: z.string(),
    options: z.record(z.string(), z.unknown()),
    records: z.int(),
    skipped: z.int().describe('Records that do not fit the template, and were left out'),
    bytes: z.int(),
    sha256: z.string().describe('Of the bytes before any Content-Encoding'),
    key: z.string().describe('Which of /.well-known/ldv-keys verifies it'),
    signature: z.string().describe('Ed25519, in hexadecimal, over the lines that the guide describes'),
  })
  .meta({ id: 'ExportManifest' });
