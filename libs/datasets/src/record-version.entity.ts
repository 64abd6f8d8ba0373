import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const pk = { primaryKeyConstraintName: 'record_versions_pkey' };

/** Where one version of a record lies, and from which commit to which it is valid on its branch. */
@Entity({ name: 'record_versions' })
@Index('record_versions_branch_id_external_id_idx', ['branchId', 'externalId'], { where: 'external_id IS NOT NULL' })
// Made by their migrations: the mapper knows neither expressions nor operator classes.
@Index('record_versions_came_idx', { synchronize: false })
@Index('record_versions_went_idx', { synchronize: false })
@Index('record_versions_metadata_idx', { synchronize: false })
@Index('record_versions_segment_id_idx', { synchronize: false })
export class RecordVersion {
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'branch_id' })
  branchId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'record_id' })
  recordId: string;

  /** The seq of the commit that brought it. */
  @PrimaryColumn('bigint', { ...pk, name: 'from_seq' })
  fromSeq: number;

  /** The seq of the commit that replaced or removed it; null while it stands. */
  @Column('bigint', { name: 'to_seq', nullable: true })
  toSeq: number | null;

  /** Null: from this commit on the record is not there, though a branch further down has it. */
  @Column('uuid', { name: 'segment_id', nullable: true })
  segmentId: string | null;

  @Column('integer')
  block: number;

  /** Index inside the block. */
  @Column('integer')
  position: number;

  @Column('integer')
  bytes: number;

  /** Index into `RISKS`: the highest of what was found. */
  @Column('smallint')
  risk: number;

  /** SHA-256 over a salt that only the sealed block holds, and the content. */
  @Column('bytea')
  leaf: Buffer;

  /** What somebody else calls it; one record of that name at a time on a branch. */
  @Column('text', { name: 'external_id', nullable: true })
  externalId: string | null;

  @Column('text', { array: true, nullable: true })
  labels: string[] | null;

  @Column('text', { nullable: true })
  split: string | null;

  @Column('text', { nullable: true })
  source: string | null;

  @Column('text', { nullable: true })
  license: string | null;

  @Column('text', { nullable: true })
  language: string | null;

  @Column('jsonb', { nullable: true })
  metadata: Record<string, string | number | boolean> | null;
}

/** A version that has content. */
export type StoredVersion = RecordVersion & { segmentId: string };
