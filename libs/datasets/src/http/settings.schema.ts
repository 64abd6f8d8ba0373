import { z } from 'zod';
import { RISKS } from '#pii';
import { showId } from '#kernel';
import type { Gate } from '../gates/gate.ts';
import type { Settings } from '../gates/settings.service.ts';
import { text } from './wire.ts';

const Rule = z
  .strictObject({
    types: z.array(z.string().min(1).max(60)).min(1).max(200).nullable().default(null).describe('Null: all types'),
    min_risk: z.enum(RISKS).default('none').describe('From this risk on'),
    action: z
      .enum(['block', 'quarantine', 'allow'])
      .describe(
        'quarantine: a record that is written or imported is held back until somebody releases it; others block',
      ),
    reason: text(500).min(1).nullable().default(null).describe('Needed to allow; without personal data'),
    expires_at: z.iso.datetime().nullable().default(null).describe('From then on the rule says nothing any more'),
  })
  .refine(({ action, reason }) => action !== 'allow' || reason !== null, {
    path: ['reason'],
    message: 'Expected a reason: something is allowed',
  });

const FIELD = /^(?:license|source|language|split|external_id|metadata\.[^\s.]{1,64})$/;

const GateBody = z.strictObject({
  branches: z
    .array(text(120).regex(/^[A-Za-z0-9._/*-]+$/, { message: 'Expected letters, digits, and . _ / - *' }))
    .min(1)
    .max(20)
    .default(['*'])
    .describe('Which branches it is before: names, with * for any part'),
  pii: z
    .array(Rule)
    .max(100)
    .default([])
    .describe('What is done about personal data that a commit brings; the first rule that is about a finding counts'),
  fields: z
    .array(text(80).regex(FIELD, { message: 'Expected license, source, language, split, external_id or metadata.…' }))
    .max(20)
    .default([])
    .describe('What must be said of each record: license, source, metadata.consent …'),
  licenses: z.array(text(100).min(1)).max(100).nullable().default(null).describe('Which licenses a record may have'),
  duplicates: z
    .enum(['exact'])
    .nullable()
    .default(null)
    .describe('exact: no record may say what another one of the branch says already, in whatever order of members'),
});

export const SettingsBody = z.strictObject({ gates: z.array(GateBody).max(20) }).meta({
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
      },
    ],
  },
});
export type SettingsBody = z.infer<typeof SettingsBody>;

export const SettingsView = z
  .object({
    gates: z.array(GateBody),
    content_hashes: z
      .object({ status: z.enum(['building', 'complete']), job_id: z.string() })
      .nullable()
      .describe(
        'Of what the gates for duplicates compare with: building, as long as its job brings in what was there already',
      ),
  })
  .meta({ id: 'DatasetSettings' });

export const VerdictsView = z
  .object({
    commit_id: z.string(),
    gates: z.array(
      z.object({
        gate: z.enum(['pii', 'fields', 'licenses', 'duplicates', 'quarantine']),
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

export function gatesFrom({ gates }: SettingsBody): Gate[] {
  return gates.map(({ pii, ...gate }) => ({
    ...gate,
    pii: pii.map(({ min_risk, expires_at: expiresAt, action, ...rule }) => ({
      ...rule,
      minRisk: RISKS.indexOf(min_risk),
      expiresAt,
      // As one that blocks: a server of the release before, which knows nothing of it, lets nothing through.
      ...(action === 'quarantine' ? { action: 'block' as const, holds: true as const } : { action }),
    })),
  }));
}

export function settingsView({ gates, hashing }: Settings): object {
  const status = hashing?.completedAt ? 'complete' : 'building';
  return {
    content_hashes: hashing && { status, job_id: showId('job', hashing.jobId) },
    gates: gates.map(({ pii, ...gate }) => ({
      ...gate,
      pii: pii.map(({ minRisk, expiresAt, holds, action, ...rule }) => ({
        ...rule,
        action: holds ? 'quarantine' : action,
        min_risk: RISKS[minRisk],
        expires_at: expiresAt,
      })),
    })),
  };
}
