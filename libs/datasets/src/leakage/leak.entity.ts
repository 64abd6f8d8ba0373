import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Dataset } from '../dataset.entity.ts';
import type { Looking } from '../duplicates/duplicate.tasks.ts';

export interface LeakOptions extends Looking {
  /** Null: only those that are the same. */
  threshold: number | null;
  /** What records share that should be in one split; null: nothing is asked. */
  key: string | null;
}

export type LeakKind = 'exact' | 'near' | 'key';

/** The latest report on a dataset that was completed. */
@Entity({ name: 'leakage_reports' })
@Index('leakage_reports_dataset_id_idx', ['datasetId'])
export class LeakageReport {
  /** Of its job. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'leakage_reports_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'leakage_reports_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  /** In which it looked. */
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  /** Where the others are from; null: from the same commit. It may be gone since. */
  @Column('uuid', { name: 'against_dataset_id', nullable: true })
  againstDatasetId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** A record that has too much in common with one of another split. Tells nothing of what is in them. */
@Entity({ name: 'leaks' })
@Index('leaks_report_id_id_idx', ['reportId', 'id'])
export class Leak {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'leaks_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => LeakageReport, { name: 'leaks_report_id_fkey' })
  @Column('uuid', { name: 'report_id' })
  reportId: string;

  @Column('uuid', { name: 'record_id' })
  recordId: string;

  @Column('text', { nullable: true })
  split: string | null;

  @Column('uuid', { name: 'other_id' })
  otherId: string;

  @Column('text', { name: 'other_split', nullable: true })
  otherSplit: string | null;

  @Column('text')
  kind: LeakKind;

  /** Of the two texts; null where a key is all that is known to be the same. */
  @Column('real', { nullable: true })
  similarity: number | null;
}
