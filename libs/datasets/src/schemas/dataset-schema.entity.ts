import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';
import { Dataset } from '../dataset.entity.ts';
import type { RecordKind } from './record-kinds.ts';

const pk = { primaryKeyConstraintName: 'dataset_schemas_pkey' };

/** What the records of a dataset had to be from some time on. Never changed: another one comes after it. */
@Entity({ name: 'dataset_schemas' })
export class DatasetSchema {
  @ForeignKey(() => Tenant, { name: 'dataset_schemas_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'dataset_schemas_dataset_id_fkey' })
  @PrimaryColumn('uuid', { ...pk, name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('integer', { ...pk })
  version: number;

  @Column('text', { name: 'record_kind' })
  recordKind: RecordKind;

  /** JSON, as it was sent: the order of its members is for people. Null where the kind is all. */
  @Column('text', { nullable: true })
  schema: string | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
