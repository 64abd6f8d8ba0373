import { Column, Entity, PrimaryColumn } from 'typeorm';

const pk = { primaryKeyConstraintName: 'record_versions_pkey' };

/** Where one version of a record lies, and from which commit to which it is valid on its branch. */
@Entity({ name: 'record_versions' })
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

  @Column('uuid', { name: 'segment_id' })
  segmentId: string;

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
}
