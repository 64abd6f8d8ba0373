import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const pk = { primaryKeyConstraintName: 'content_hashes_pkey' };

/** What one version of a record says, as a keyed hash: the same for the same content, and without the key nobody can guess at it. */
@Entity({ name: 'content_hashes' })
@Index('content_hashes_dataset_id_hash_record_id_idx', ['datasetId', 'hash', 'recordId'])
export class ContentHash {
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'record_id' })
  recordId: string;

  /** Of the content, salted: it stays with it wherever it is taken over, and another content of the record has another one. */
  @PrimaryColumn('bytea', pk)
  leaf: Buffer;

  @Column('bytea')
  hash: Buffer;
}

/** A dataset of whose records such hashes are kept. */
@Entity({ name: 'content_hashings' })
export class ContentHashing {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'content_hashings_pkey', name: 'dataset_id' })
  datasetId: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Which brings in what was there already. */
  @Column('uuid', { name: 'job_id' })
  jobId: string;

  /** Null: of what was there, not all is known yet. */
  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt: Date | null;
}
