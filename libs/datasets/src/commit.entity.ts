import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique, Check } from 'typeorm';
import { Tenant } from '#auth';
import { Branch } from './branch.entity.ts';
import { Dataset } from './dataset.entity.ts';
import type { CommitSignature } from './commit-signature.ts';
import type { Verdict } from './gates/gate.ts';
import type { Statistics } from './statistics.ts';

export type CommitState = 'staged' | 'published' | 'abandoned' | 'held';

/** What a commit did. */
export interface Changes {
  added: number;
  changed?: number;
  removed?: number;
}

/** A point in the history of a branch. Until it is published nobody sees it, nor what was written under it. */
@Entity({ name: 'commits' })
@Unique('commits_branch_id_seq_key', ['branchId', 'seq'])
@Index('commits_dataset_id_published_at_idx', ['datasetId', 'publishedAt'])
@Index('commits_branch_id_published_at_idx', ['branchId', 'publishedAt'])
@Index('commits_branch_id_unpublished_idx', ['branchId', 'seq'], { where: `state <> 'published'` })
@Index('commits_branch_id_job_key', ['branchId'], {
  unique: true,
  where: `job_id IS NOT NULL AND state <> 'published'`,
})
@Index('commits_branch_id_merges_idx', ['branchId'], { where: 'cardinality(parent_ids) > 1' })
@Check('commits_state_check', `state IN ('staged', 'published', 'abandoned', 'held')`)
export class Commit {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'commits_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'commits_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'commits_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @ForeignKey(() => Branch, { name: 'commits_branch_id_fkey' })
  @Column('uuid', { name: 'branch_id' })
  branchId: string;

  /** Taken when the commit begins; the validity ranges of record versions count in it. */
  @Column('bigint')
  seq: number;

  @Column('text')
  state: CommitState;

  @Column('uuid', { name: 'parent_ids', array: true })
  parentIds: string[];

  @Column('uuid', { name: 'author_id' })
  authorId: string;

  @Column('text')
  message: string;

  /** The highest seq that is part of this commit's history; set when it is published. */
  @Column('bigint', { name: 'visible_seq', nullable: true })
  visibleSeq: number | null;

  /** Seqs below `visibleSeq` that are not part of it: staged or given up when it was published. */
  @Column('bigint', { name: 'hidden_seqs', array: true, default: [] })
  hiddenSeqs: number[];

  /** RFC 6962 root over the leaves of the record versions this commit added, in record order. */
  @Column('bytea', { name: 'merkle_root', nullable: true })
  merkleRoot: Buffer | null;

  /** Binds parents, root, author, message and time to one another. */
  @Column('bytea', { nullable: true })
  hash: Buffer | null;

  @Column('jsonb', { nullable: true })
  changes: Changes | null;

  /** Of everything visible at this commit. */
  @Column('jsonb', { nullable: true })
  statistics: Statistics | null;

  /** What the gates said of it; null where there was none. */
  @Column('jsonb', { nullable: true })
  gates: Verdict[] | null;

  /** Of whoever made it, if they signed it. */
  @Column('jsonb', { nullable: true })
  signature: CommitSignature | null;

  /** Of the job that writes under it, and ends rows by it, while it is staged. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** Renewed while that job writes; past it the process is gone, and what it staged is taken back. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'published_at', nullable: true })
  publishedAt: Date | null;
}
