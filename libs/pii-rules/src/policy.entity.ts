import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';

/** What a tenant does with personal data, under a name. */
@Entity({ name: 'anonymization_policies' })
@Unique('anonymization_policies_tenant_id_name_key', ['tenantId', 'name'])
export class Policy {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'anonymization_policies_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'anonymization_policies_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** For the types that `strategies` does not name. */
  @Column('text')
  strategy: string;

  @Column('jsonb')
  strategies: Record<string, string>;

  /** See `PolicyTerms`. */
  @Column('text', { array: true, nullable: true })
  types: string[] | null;

  @Column('text', { name: 'extra_types', array: true })
  extraTypes: string[];

  @Column('real', { name: 'min_confidence', nullable: true })
  minConfidence: number | null;

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
