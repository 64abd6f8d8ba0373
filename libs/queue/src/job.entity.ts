import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type JobState = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** What its owner sees of a piece of work: its state, how far it is, and what came of it. */
@Entity({ name: 'jobs' })
@Index('jobs_tenant_id_created_at_idx', ['tenantId', 'createdAt'])
@Check('jobs_state_check', `state IN ('queued', 'running', 'completed', 'failed', 'cancelled')`)
export class Job {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'jobs_pkey' })
  id: string;

  /** Named and not imported: rooms are imported downhill only. */
  @ForeignKey('Tenant', { name: 'jobs_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  kind: string;

  @Column('text')
  state: JobState;

  /** Ids and options; never content. */
  @Column('jsonb')
  parameters: Record<string, unknown>;

  /** In records. */
  @Column('bigint', { default: 0 })
  done: number;

  @Column('bigint', { nullable: true })
  total: number | null;

  @Column('jsonb', { nullable: true })
  result: Record<string, unknown> | null;

  /** The wire code of the error that ended it. */
  @Column('text', { nullable: true })
  failure: string | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
