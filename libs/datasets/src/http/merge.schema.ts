import { z } from 'zod';
import { type Issue, showId } from '#kernel';
import { sentId } from '#rest';
import type { Conflict } from '../versions/merge-conflict.ts';
import type { Foreseen } from '../versions/merge.foresight.ts';
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

export const ConflictsView = z.array(
  z.object({ id: z.string(), path: z.string(), reason: z.enum(['changed', 'removed', 'external-id']) }),
);

const Verdict = z.object({
  verdict: z.enum(['passed', 'failed']),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .describe('The first hundred: the record, the place in it, and why'),
});

/** What the schema and the gates would say. */
export const ForeseenView = z.object({
  schema: Verdict,
  gates: Verdict.extend({
    allowed: z
      .array(z.object({ type: z.string(), findings: z.int(), reason: z.string().nullable() }))
      .describe('What was found, and passes because a rule allows it'),
  }),
});

export const MergeView = z
  .object({
    commit_id: z.string().nullable().describe('Null when there was nothing to do, or nothing was to be done'),
    records: z.int().describe('Records that change by it'),
    conflicts: ConflictsView,
    verdicts: ForeseenView.optional().describe(
      'Of a dry run without conflicts: what the schema and the gates say of it',
    ),
  })
  .meta({ id: 'Merge' });

export function conflictsView(conflicts: readonly Conflict[]): object[] {
  return conflicts.slice(0, 100).map(({ recordId, path, reason }) => ({ id: showId('rec', recordId), path, reason }));
}

export function foreseenView({ schema, gates, allowed }: Foreseen): object {
  const verdict = (errors: readonly Issue[]): object => ({
    verdict: errors.length > 0 ? 'failed' : 'passed',
    errors: errors.slice(0, 100),
  });
  return { schema: verdict(schema), gates: { ...verdict(gates), allowed } };
}
