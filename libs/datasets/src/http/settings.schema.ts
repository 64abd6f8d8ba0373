import { z } from 'zod';
import { showId } from '#kernel';
import type { Settings } from '../gates/settings.service.ts';
import { GateBody, Gates, gateView } from './gate.schema.ts';

export const SettingsBody = z.strictObject({ gates: Gates }).meta({
  id: 'NewDatasetSettings',
  example: {
    gates: [
      {
        branches: ['release/*'],
        pii: [
          { types: ['EMAIL_ADDRESS'], action: 'allow', reason: 'Addresses of the help desk itself' },
          { min_risk: 'medium', action: 'block' },
        ],
        fields: ['license', 'metadata.consent'],
        licenses: ['CC-BY-4.0'],
        duplicates: 'exact',
        near_duplicates: { threshold: 0.85, pointer: '/text' },
        leakage: 'exact',
        balance: { max_records: 1000000, splits: [{ name: 'test', min_share: 0.05, max_share: 0.2 }] },
      },
    ],
  },
});
export type SettingsBody = z.infer<typeof SettingsBody>;

const Keeping = z.object({ status: z.enum(['building', 'complete']), job_id: z.string() }).nullable();

export const SettingsView = z
  .object({
    gates: z.array(GateBody),
    content_hashes: Keeping.describe(
      'Of what the gates for duplicates and leakage compare with: building, as long as its job brings in what was there already',
    ),
    content_sketches: Keeping.describe('The same for near duplicates'),
  })
  .meta({ id: 'DatasetSettings' });

export const VerdictsView = z
  .object({
    commit_id: z.string(),
    gates: z.array(
      z.object({
        gate: z.enum([
          'pii',
          'fields',
          'licenses',
          'duplicates',
          'near_duplicates',
          'leakage',
          'balance',
          'quarantine',
        ]),
        verdict: z.enum(['passed', 'released']).describe('released: somebody let through what a gate held back'),
        partial: z.literal(true).optional().describe('It was not known yet of all records what they say'),
        allowed: z
          .array(z.object({ type: z.string(), findings: z.int(), reason: z.string().nullable() }))
          .optional()
          .describe('What was found, and passed because a rule or somebody allows it'),
      }),
    ),
  })
  .meta({ id: 'CommitGates' });

export function settingsView({ gates, hashing, sketching }: Settings): object {
  return {
    content_hashes: hashing && keepingView(hashing),
    content_sketches: sketching && keepingView(sketching),
    gates: gates.map(gateView),
  };
}

function keepingView({ completedAt, jobId }: NonNullable<Settings['hashing']>): z.infer<typeof Keeping> {
  return { status: completedAt ? 'complete' : 'building', job_id: showId('job', jobId) };
}
