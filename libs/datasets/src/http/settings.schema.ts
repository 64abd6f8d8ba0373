import { z } from 'zod';
import { RISKS } from '#pii';
import type { Gate } from '../gates/gate.ts';
import { text } from './wire.ts';

const Rule = z
  .strictObject({
    types: z.array(z.string().min(1).max(60)).min(1).max(200).nullable().default(null).describe('Null: all types'),
    min_risk: z.enum(RISKS).default('none').describe('From this risk on'),
    action: z.enum(['block', 'allow']),
    reason: text(500).min(1).nullable().default(null).describe('Needed to allow; without personal data'),
    expires_at: z.iso.datetime().nullable().default(null).describe('From then on the rule says nothing any more'),
  })
  .refine(({ action, reason }) => action === 'block' || reason !== null, {
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
      },
    ],
  },
});
export type SettingsBody = z.infer<typeof SettingsBody>;

export const SettingsView = z.object({ gates: z.array(GateBody) }).meta({ id: 'DatasetSettings' });

export const VerdictsView = z
  .object({
    commit_id: z.string(),
    gates: z.array(
      z.object({
        gate: z.enum(['pii', 'fields', 'licenses']),
        verdict: z.literal('passed'),
        allowed: z
          .array(z.object({ type: z.string(), findings: z.int(), reason: z.string().nullable() }))
          .optional()
          .describe('What was found, and passed because a rule allows it'),
      }),
    ),
  })
  .meta({ id: 'CommitGates' });

export function gatesFrom({ gates }: SettingsBody): Gate[] {
  return gates.map(({ pii, ...gate }) => ({
    ...gate,
    pii: pii.map(({ min_risk, expires_at: expiresAt, ...rule }) => ({
      ...rule,
      minRisk: RISKS.indexOf(min_risk),
      expiresAt,
    })),
  }));
}

export function settingsView(gates: readonly Gate[]): object {
  return {
    gates: gates.map(({ pii, ...gate }) => ({
      ...gate,
      pii: pii.map(({ minRisk, expiresAt, ...rule }) => ({ ...rule, min_risk: RISKS[minRisk], expires_at: expiresAt })),
    })),
  };
}
