import { z } from 'zod';
import { showId } from '#kernel';
import { sentId } from '#rest';
import { KEEPS } from '../duplicates/clusters.ts';
import type { Duplicate } from '../duplicates/duplicate.entity.ts';
import { SHINGLES } from '../duplicates/shingles.ts';
import { pageOf, Ref, text } from './wire.ts';

export const RecordPointer = z
  .string()
  .max(1024)
  .regex(/^(\/([^~/]|~[01])*)*$/)
  .default('')
  .describe('JSON Pointer to what is compared, as in /text; the whole record when left out');

export const ShinglesOf = z
  .enum(SHINGLES)
  .default('words')
  .describe('Texts are compared by every five words in a row, or characters: for scripts that do not part words');

export const DuplicateSearch = z
  .strictObject({
    ref: Ref,
    pointer: RecordPointer,
    threshold: z
      .number()
      .min(0.7)
      .max(1)
      .nullable()
      .default(0.85)
      .describe('How alike the texts of near duplicates are at least (Jaccard); null finds only what is the same'),
    shingles: ShinglesOf,
    keep: z
      .enum(KEEPS)
      .default('first')
      .describe('Which of a cluster stays: the first that came, the longest text, the last'),
  })
  .meta({ id: 'DuplicateSearch', example: { threshold: 0.85, keep: 'longest' } });
export type DuplicateSearch = z.infer<typeof DuplicateSearch>;

export const SearchPath = z.strictObject({ id: sentId('ds'), job: sentId('job') });
export type SearchPath = z.infer<typeof SearchPath>;

export const RemovalBody = z
  .strictObject({
    branch: z.string().min(1).max(255).optional().describe('The default branch when left out'),
    message: text(4096).optional().describe('What the commit says'),
  })
  .meta({ id: 'DuplicateRemoval', example: { message: 'Remove duplicates' } });
export type RemovalBody = z.infer<typeof RemovalBody>;

export const AskedJob = z.object({ job_id: z.string() }).meta({ id: 'AskedJob' });
const DuplicateView = z
  .object({
    record_id: z.string(),
    kept_id: z.string().describe('The record of its cluster that stays'),
    exact: z.boolean().describe('Whether what was compared is the same JSON value'),
    similarity: z.number().describe('Of the two texts: 0 to 1'),
  })
  .meta({ id: 'Duplicate' });
export const DuplicatePage = pageOf(DuplicateView, 'DuplicatePage');

export function duplicateView({ recordId, keptId, exact, similarity }: Duplicate): object {
  return {
    record_id: showId('rec', recordId),
    kept_id: showId('rec', keptId),
    exact,
    similarity: Math.round(similarity * 10_000) / 10_000,
  };
}
