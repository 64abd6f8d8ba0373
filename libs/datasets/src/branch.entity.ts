import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';
import { Dataset } from './dataset.entity.ts';
import type { Layer } from './layer.ts';

/** A name that moves from commit to commit. */
@Entity({ name: 'branches' })
@Unique('branches_dataset_id_name_key', ['datasetId', 'name'])
@Index('branches_holds_key', ['datasetId'], { unique: true, where: 'holds' })
@Check('branches_required_approvals_check', 'required_approvals BETWEEN 0 AND 6')
export class Branch {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'branches_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'branches_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'branches_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  /** Null once it was given up: its commits stay, and whatever was begun from them. */
  @Column('text', { nullable: true })
  name: string | null;

  @Column('uuid', { name: 'head_commit_id' })
  headCommitId: string;

  /** The seq the next commit takes when it begins. */
  @Column('bigint', { name: 'next_seq' })
  nextSeq: number;

  /** What lies under it, nearest first: the commit it began at, and what that one stood on. Never changes. */
  @Column('jsonb', { default: [] })
  base: Layer[];

  /** Takes merges alone. */
  @Column('boolean', { name: 'is_protected', default: false })
  isProtected: boolean;

  /** How many must have looked at what is merged; more than none, and it takes merge requests alone. */
  @Column('smallint', { name: 'required_approvals', default: 0 })
  requiredApprovals: number;

  /** Where the dataset keeps what gates hold back: it never has a name, and no commit of it is published. */
  @Column('boolean', { default: false })
  holds: boolean;

  /** Since when it has no name; null while it has one, or where that is not known. */
  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
