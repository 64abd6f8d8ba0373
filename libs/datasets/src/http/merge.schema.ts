import { z } from 'zod';
import { sentId } from '#rest';
import { NewRecord } from './record.schema.ts';
import { text } from './wire.ts';

const ref = z.string().min(1).max(255).describe('Branch, tag, commit or time');

const how = {
  branch: z.string().min(1).max(255).optional().describe('Where it goes; the default branch when left out'),
  message: text(4096).optional(),
  strategy: z
    .enum(['fail', 'ours', 'theirs'])
    .default('fail')
    .describe('Whose values are taken where both sides changed the same: ours are those of the branch'),
  resolutions: z
    .array(
      z.union([
        z.strictObject({ id: sentId('rec'), take: z.enum(['ours', 'theirs']) }),
        z.strictObject({ id: sentId('rec'), record: NewRecord.nullable().describe('By hand; null removes it') }),
      ]),
    )
    .max(1000)
    .default([])
    .describe('What single records in conflict are to be'),
  dry_run: z.boolean().default(false).describe('Only say what would happen'),
};

export const AskMerge = z.strictObject({ from: ref, ...how }).meta({ id: 'AskMerge', example: { from: 'main' } });
export type AskMerge = z.infer<typeof AskMerge>;

export const AskRevert = z
  .strictObject({ commit: ref, ...how })
  .meta({ id: 'AskRevert', example: { commit: 'main', dry_run: true } });
export type AskRevert = z.infer<typeof AskRevert>;

export const AskCherryPick = z
  .strictObject({ commit: ref, ...how })
  .meta({ id: 'AskCherryPick', example: { commit: 'main', dry_run: true } });
export type AskCherryPick = z.infer<typeof AskCherryPick>;

export const MergeView = z
  .object({
    commit_id: z.string().nullable().describe('Null when there was nothing to do, or nothing was to be done'),
    records: z.int().describe('Records that change by it'),
    conflicts: z.array(
      z.object({ id: z.string(), path: z.string(), reason: z.enum(['changed', 'removed', 'external-id']) }),
    ),
  })
  .meta({ id: 'Merge' });
