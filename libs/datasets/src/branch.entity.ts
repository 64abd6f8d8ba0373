import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';
import { Dataset } from './dataset.entity.ts';

/** A name that moves from commit to commit. */
@Entity({ name: 'branches' })
@Unique('branches_dataset_id_name_key', ['datasetId', 'name'])
export class Branch {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'branches_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'branches_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'branches_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @Column('text')
  name: string;

  @Column('uuid', { name: 'head_commit_id' })
  headCommitId: string;

  /** The seq the next commit takes when it begins. */
  @Column('bigint', { name: 'next_seq' })
  nextSeq: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
