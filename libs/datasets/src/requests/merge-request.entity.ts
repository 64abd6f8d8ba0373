import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';
import type { Changes } from '../commit.entity.ts';
import { Dataset } from '../dataset.entity.ts';

export const REQUEST_STATES = ['open', 'merged', 'closed'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** What came of one that was merged. Commits and users are UUIDs. */
export interface Outcome {
  commitId: string;
  headCommitId: string;
  baseCommitId: string;
  changes: Changes;
  required: number;
  approvedBy: string[];
}

/** What is on one branch is to get onto another. By names: where they lead is looked up when it matters. */
@Entity({ name: 'merge_requests' })
@Index('merge_requests_dataset_id_id_idx', ['datasetId', 'id'])
@Index('merge_requests_open_key', ['datasetId', 'source', 'target'], { unique: true, where: `status = 'open'` })
@Check('merge_requests_status_check', `status IN ('open', 'merged', 'closed')`)
export class MergeRequest {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'merge_requests_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'merge_requests_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'merge_requests_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @Column('text')
  source: string;

  @Column('text')
  target: string;

  @Column('text')
  title: string;

  @Column('text')
  description: string;

  @Column('text')
  status: RequestState;

  @Column('uuid', { name: 'opened_by' })
  openedBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('uuid', { name: 'ended_by', nullable: true })
  endedBy: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  @Column('jsonb', { nullable: true })
  outcome: Outcome | null;
}

export const REVIEW_DECISIONS = ['approve', 'request_changes', 'comment'] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** What somebody said of a merge request, and of which commit. Never changes, but for being dismissed. */
@Entity({ name: 'merge_reviews' })
@Unique('merge_reviews_request_id_ordinal_key', ['requestId', 'ordinal'])
@Check('merge_reviews_decision_check', `decision IN ('approve', 'request_changes', 'comment')`)
export class MergeReview {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'merge_reviews_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => MergeRequest, { name: 'merge_reviews_request_id_fkey' })
  @Column('uuid', { name: 'request_id' })
  requestId: string;

  /** Counts the reviews of a request: ids of two replicas may be in another order than what they stand for. */
  @Column('integer')
  ordinal: number;

  @Column('uuid', { name: 'reviewer_id' })
  reviewerId: string;

  @Column('text')
  decision: ReviewDecision;

  /** The head of the source that was looked at. */
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('text')
  note: string;

  @Column('uuid', { name: 'dismissed_by', nullable: true })
  dismissedBy: string | null;

  @Column('text', { name: 'dismiss_reason', nullable: true })
  dismissReason: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
