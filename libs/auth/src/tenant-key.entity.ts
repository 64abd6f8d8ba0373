import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Tenant } from './tenant.entity.ts';

const pk = { primaryKeyConstraintName: 'tenant_keys_pkey' };

/** One version of a tenant's key, wrapped: useless without the root key, which is nowhere in the database. */
@Entity({ name: 'tenant_keys' })
export class TenantKey {
  @ForeignKey(() => Tenant, { name: 'tenant_keys_tenant_id_fkey' })
  @PrimaryColumn('uuid', { ...pk, name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('integer', pk)
  version: number;

  @Column('text', { name: 'root_key_id' })
  rootKeyId: string;

  @Column('bytea', { name: 'key_salt' })
  keySalt: Buffer;

  @Column('bytea', { name: 'key_wrapped' })
  keyWrapped: Buffer;

  @Column('bytea', { name: 'key_commitment' })
  keyCommitment: Buffer;

  @Column('bytea', { name: 'secret_salt' })
  secretSalt: Buffer;

  @Column('bytea', { name: 'secret_wrapped' })
  secretWrapped: Buffer;

  @Column('bytea', { name: 'secret_commitment' })
  secretCommitment: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
