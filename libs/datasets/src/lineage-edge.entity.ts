import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';

/** One dataset's commit was made from another's. */
@Entity({ name: 'lineage_edges' })
@Index('lineage_edges_from_dataset_id_idx', ['fromDatasetId'])
@Index('lineage_edges_to_dataset_id_idx', ['toDatasetId'])
export class LineageEdge {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'lineage_edges_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'lineage_edges_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  kind: string;

  @ForeignKey(() => Dataset, { name: 'lineage_edges_from_dataset_id_fkey' })
  @Column('uuid', { name: 'from_dataset_id' })
  fromDatasetId: string;

  @ForeignKey(() => Commit, { name: 'lineage_edges_from_commit_id_fkey' })
  @Column('uuid', { name: 'from_commit_id' })
  fromCommitId: string;

  @ForeignKey(() => Dataset, { name: 'lineage_edges_to_dataset_id_fkey' })
  @Column('uuid', { name: 'to_dataset_id' })
  toDatasetId: string;

  @ForeignKey(() => Commit, { name: 'lineage_edges_to_commit_id_fkey' })
  @Column('uuid', { name: 'to_commit_id' })
  toCommitId: string;

  /** The operators used and how often; never a value. */
  @Column('jsonb')
  details: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
