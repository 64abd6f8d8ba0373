import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';

/** A sealed object and the only copy of its (wrapped) key. Without this row nobody can open the object. */
@Entity({ name: 'segments' })
@Index('segments_commit_id_idx', ['commitId'])
@Index('segments_dataset_id_idx', ['datasetId'])
// Made by their migration: the mapper would say their conditions in other words.
@Index('segments_small_idx', { synchronize: false })
@Index('segments_retired_at_idx', { synchronize: false })
export class Segment {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'segments_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'segments_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'segments_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  /** The commit it was written for. */
  @ForeignKey(() => Commit, { name: 'segments_commit_id_fkey' })
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('smallint', { name: 'format_version' })
  formatVersion: number;

  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion: number;

  @Column('bytea', { name: 'key_salt' })
  keySalt: Buffer;

  @Column('bytea', { name: 'key_wrapped' })
  keyWrapped: Buffer;

  @Column('bytea', { name: 'key_commitment' })
  keyCommitment: Buffer;

  @Column('bytea', { name: 'nonce_prefix' })
  noncePrefix: Buffer;

  /** Where each sealed block begins in the object, and where the last one ends: blocks + 1 numbers. */
  @Column('integer', { name: 'block_offsets', array: true })
  blockOffsets: number[];

  @Column('integer')
  records: number;

  @Column('integer', { name: 'plain_bytes' })
  plainBytes: number;

  @Column('integer', { name: 'sealed_bytes' })
  sealedBytes: number;

  /** Since when its records lie in another one; it stays a while for whoever still reads it. Null while it is in use. */
  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt: Date | null;

  /** Until when one process alone compacts it. */
  @Column('timestamptz', { name: 'claimed_until', nullable: true })
  claimedUntil: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** One that is put in: in use, and nobody's. */
export type NewSegment = Omit<Segment, 'createdAt' | 'retiredAt' | 'claimedUntil'>;
