import { z } from 'zod';
import { RISKS } from '#pii';
import type { Balance as GateBalance, Gate } from '../gates/gate.ts';
import { MOST_SAID } from '../writes/attributes.ts';
import { RecordPointer, ShinglesOf } from './duplicate.schema.ts';
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

const NearDuplicates = z
  .strictObject({
    threshold: z
      .number()
      .min(0.75)
      .max(1)
      .default(0.85)
      .describe(
        'How alike two texts are at least to be too alike (Jaccard), as their sketches tell: within 0.04 mostly',
      ),
    pointer: RecordPointer,
    shingles: ShinglesOf,
  })
  .nullable()
  .default(null)
  .describe('No record may say nearly what another one of the branch says already; all gates compare the same');

export const GateBody = z.strictObject({
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
  near_duplicates: NearDuplicates,
  leakage: z
    .enum(['exact'])
    .nullable()
    .default(null)
    .describe('exact: no two records of the branch that say the same may be in different splits'),
  balance: Balance,
});

export const Gates = z
  .array(GateBody)
  .max(20)
  .refine(
    (gates) =>
      new Set(gates.flatMap(({ near_duplicates: near }) => (near ? `${near.shingles} ${near.pointer}` : []))).size < 2,
    { message: 'Expected near_duplicates of all gates with the same pointer and shingles' },
  );

export function gatesFrom(gates: z.infer<typeof Gates>): Gate[] {
  return gates.map(({ pii, balance, near_duplicates: nearDuplicates, ...gate }) => ({
    ...gate,
    nearDuplicates,
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

export function gateView({ pii, balance, nearDuplicates, ...gate }: Gate): object {
  return {
    ...gate,
    near_duplicates: nearDuplicates,
    balance: balance && balanceView(balance),
    pii: pii.map(({ minRisk, expiresAt, holds, action, ...rule }) => ({
      ...rule,
      action: holds ? 'quarantine' : action,
      min_risk: RISKS[minRisk],
      expires_at: expiresAt,
    })),
  };
}
