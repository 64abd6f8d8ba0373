import { z } from 'zod';
import { RISKS } from '#pii';
import { showId } from '#kernel';
import type { Balance as GateBalance, Gate } from '../gates/gate.ts';
import type { Settings } from '../gates/settings.service.ts';
import { MOST_SAID } from '../writes/attributes.ts';
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

const share = z.number().min(0).max(1).nullable().default(null);
const size = z.int().min(0).max(1_000_000_000).nullable().default(null);

const Balance = z
  .strictObject({
    min_records: size,
    max_records: size,
    splits: z
      .array(
        z
          .strictObject({ name: text(MOST_SAID.split).min(1), min_share: share, max_share: share })
          .refine(({ min_share: least, max_share: most }) => least === null || most === null || least <= most, {
            path: ['min_share'],
            message: 'Expected no more than max_share',
          }),
      )
      .max(20)
      .default([])
      .describe('How large a part of all records of the branch each of these splits may be'),
  })
  .refine(({ min_records: least, max_records: most }) => least === null || most === null || least <= most, {
    path: ['min_records'],
    message: 'Expected no more than max_records',
  })
  .nullable()
  .default(null)
  .describe('What the branch is to be like as a whole, with the commit');

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
  balance: Balance,
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
        balance: { max_records: 1000000, splits: [{ name: 'test', min_share: 0.05, max_share: 0.2 }] },
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
        gate: z.enum(['pii', 'fields', 'licenses', 'duplicates', 'balance', 'quarantine']),
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
  return gates.map(({ pii, balance, ...gate }) => ({
    ...gate,
    balance: balance && balanceFrom(balance),
    pii: pii.map(({ min_risk, expires_at: expiresAt, action, ...rule }) => ({
      ...rule,
      minRisk: RISKS.indexOf(min_risk),
      expiresAt,
      // As one that blocks: a server of the release before, which knows nothing of it, lets nothing through.
      ...(action === 'quarantine' ? { action: 'block' as const, holds: true as const } : { action }),
    })),
  }));
}

function balanceFrom({
  min_records: minRecords,
  max_records: maxRecords,
  splits,
}: NonNullable<z.infer<typeof Balance>>): GateBalance {
  return {
    minRecords,
    maxRecords,
    splits: splits.map(({ name, min_share: minShare, max_share: maxShare }) => ({ name, minShare, maxShare })),
  };
}

function balanceView({ minRecords, maxRecords, splits }: GateBalance): z.infer<typeof Balance> {
  return {
    min_records: minRecords,
    max_records: maxRecords,
    splits: splits.map(({ name, minShare, maxShare }) => ({ name, min_share: minShare, max_share: maxShare })),
  };
}

export function settingsView({ gates, hashing }: Settings): object {
  const status = hashing?.completedAt ? 'complete' : 'building';
  return {
    content_hashes: hashing && { status, job_id: showId('job', hashing.jobId) },
    gates: gates.map(({ pii, balance, ...gate }) => ({
      ...gate,
      balance: balance && balanceView(balance),
      pii: pii.map(({ minRisk, expiresAt, holds, action, ...rule }) => ({
        ...rule,
        action: holds ? 'quarantine' : action,
        min_risk: RISKS[minRisk],
        expires_at: expiresAt,
      })),
    })),
  };
}
