import type { AnonymizationChoice } from '#pii-rules';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export const HELD_ACTIONS = ['create', 'replace', 'patch', 'import'] as const;
export type HeldAction = (typeof HELD_ACTIONS)[number];

export const ITEM_STATUSES = ['held', 'released', 'discarded'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/**
 * A version of a record that a gate keeps off its branch, and what became of it. While it is held its row and its findings
 * lie on the branch of the dataset that holds such; it counts once its commit there is held.
 */
@Entity({ name: 'quarantine_items' })
@Index('quarantine_items_dataset_id_id_idx', ['datasetId', 'id'])
@Index('quarantine_items_commit_id_idx', ['commitId'])
@Index('quarantine_items_segment_id_idx', ['segmentId'])
@Index('quarantine_items_held_idx', ['datasetId', 'id'], { where: `status = 'held'` })
@Check('quarantine_items_action_check', `action IN ('create', 'replace', 'patch', 'import')`)
@Check('quarantine_items_status_check', `status IN ('held', 'released', 'discarded')`)
export class QuarantineItem {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'quarantine_items_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  /** Onto which it was to go. By name: a branch that is reset is another one under the same name. */
  @Column('text')
  branch: string;

  @Column('text')
  action: HeldAction;

  /** The version that it was to replace (ETag); null for a new record. */
  @Column('text', { name: 'based_on', nullable: true })
  basedOn: string | null;

  @Column('uuid', { name: 'import_id', nullable: true })
  importId: string | null;

  @Column('uuid', { name: 'holding_id' })
  holdingId: string;

  @Column('uuid', { name: 'record_id' })
  recordId: string;

  @Column('bigint', { name: 'from_seq' })
  fromSeq: number;

  /** Of the branch that holds it. */
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('uuid', { name: 'segment_id' })
  segmentId: string;

  /** What was found in it. */
  @Column('text', { array: true })
  types: string[];

  /** Index into `RISKS`: the highest of what was found. */
  @Column('smallint')
  risk: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { default: 'held' })
  status: ItemStatus;

  /** Why it was released or discarded. */
  @Column('text', { nullable: true })
  reason: string | null;

  @Column('uuid', { name: 'decided_by', nullable: true })
  decidedBy: string | null;

  @Column('timestamptz', { name: 'decided_at', nullable: true })
  decidedAt: Date | null;

  /** What was done about personal data in it when it was released; null where it was released as it is. */
  @Column('jsonb', { nullable: true })
  anonymization: Pick<AnonymizationChoice, 'strategy' | 'strategies' | 'types' | 'policy'> | null;

  /** The commit that took it over onto its branch. */
  @Column('uuid', { name: 'released_as', nullable: true })
  releasedAs: string | null;
}
