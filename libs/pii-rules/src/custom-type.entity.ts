import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';

/** A type of personal data that a tenant describes itself. */
@Entity({ name: 'pii_custom_types' })
@Unique('pii_custom_types_tenant_id_name_key', ['tenantId', 'name'])
export class CustomType {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pii_custom_types_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'pii_custom_types_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** UPPER_SNAKE. Never changes: findings name it. */
  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** Index into `RISKS`. */
  @Column('smallint')
  risk: number;

  /** `TypeDefinition` as JSON, sealed: a list of words may be a list of people. */
  @Column('bytea')
  definition: Buffer;

  /** Rises with every change: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
