import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';

/** A name for a commit that stays where it is. */
@Entity({ name: 'tags' })
@Unique('tags_dataset_id_name_key', ['datasetId', 'name'])
export class Tag {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'tags_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'tags_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'tags_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @Column('text')
  name: string;

  @ForeignKey(() => Commit, { name: 'tags_commit_id_fkey' })
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('text')
  message: string;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
