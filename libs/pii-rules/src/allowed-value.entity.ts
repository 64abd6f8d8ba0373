import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';

/** Something that is found and is not to be reported: a value, or all of a type in one dataset. Never the value itself. */
@Entity({ name: 'pii_allowed_values' })
@Index('pii_allowed_values_tenant_id_idx', ['tenantId'])
@Check('pii_allowed_values_what_check', `value_mac IS NOT NULL OR (type IS NOT NULL AND dataset_id IS NOT NULL)`)
export class AllowedValue {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pii_allowed_values_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'pii_allowed_values_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** HMAC-SHA256 under a key of the tenant, see `allowedMac`. Null: every value of the type, in the dataset. */
  @Column('bytea', { name: 'value_mac', nullable: true })
  valueMac: Buffer | null;

  /** Null: whatever it is taken for. */
  @Column('text', { nullable: true })
  type: string | null;

  /** Null: everywhere. No foreign key: datasets are in a room above this one. */
  @Column('uuid', { name: 'dataset_id', nullable: true })
  datasetId: string | null;

  @Column('text')
  reason: string;

  /** From then on it is found again; null for never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
