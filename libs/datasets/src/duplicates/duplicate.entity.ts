import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Dataset } from '../dataset.entity.ts';
import type { Keep } from './clusters.ts';
import type { Looking } from './duplicate.tasks.ts';

export interface SearchOptions extends Looking {
  /** Null: only those that are the same. */
  threshold: number | null;
  keep: Keep;
}

/** The latest search for duplicates in a dataset that was completed. */
@Entity({ name: 'duplicate_searches' })
@Index('duplicate_searches_dataset_id_idx', ['datasetId'])
export class DuplicateSearch {
  /** Of its job. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'duplicate_searches_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'duplicate_searches_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  /** In which it looked. */
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('jsonb')
  options: SearchOptions;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** A record that another one makes superfluous. Tells nothing of what is in them. */
@Entity({ name: 'duplicates' })
@Index('duplicates_search_id_id_idx', ['searchId', 'id'])
export class Duplicate {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'duplicates_pkey' })
  id: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => DuplicateSearch, { name: 'duplicates_search_id_fkey' })
  @Column('uuid', { name: 'search_id' })
  searchId: string;

  @Column('uuid', { name: 'record_id' })
  recordId: string;

  @Column('uuid', { name: 'kept_id' })
  keptId: string;

  /** Whether the two are the same to the byte of their canonical JSON. */
  @Column('boolean')
  exact: boolean;

  @Column('real')
  similarity: number;
}
