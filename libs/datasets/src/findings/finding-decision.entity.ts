import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';

export const DECISIONS = ['accept', 'false_positive'] as const;
export type DecisionKind = (typeof DECISIONS)[number];

const pk = { primaryKeyConstraintName: 'finding_decisions_pkey' };

/**
 * What somebody said of a finding. By the record and its content, and not by where the row of the finding is: it holds for
 * the same content on whatever branch it comes to lie.
 */
@Entity({ name: 'finding_decisions' })
@Index('finding_decisions_dataset_id_idx', ['datasetId'])
@Check('finding_decisions_decision_check', `decision IN ('accept', 'false_positive')`)
export class FindingDecision {
  @ForeignKey(() => Tenant, { name: 'finding_decisions_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'record_id' })
  recordId: string;

  /** The commitment to the content in which it was found. */
  @PrimaryColumn('bytea', { ...pk })
  leaf: Buffer;

  @PrimaryColumn('integer', { ...pk })
  ordinal: number;

  @Column('text')
  decision: DecisionKind;

  @Column('text')
  reason: string;

  /** From then on it is open again; null for never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** The entry of the allow list that was made for it. */
  @Column('uuid', { name: 'allowed_id', nullable: true })
  allowedId: string | null;

  /** Rises with every change: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('uuid', { name: 'decided_by' })
  decidedBy: string;

  @Column('timestamptz', { name: 'decided_at', default: () => 'now()' })
  decidedAt: Date;
}
