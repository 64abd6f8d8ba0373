import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

/** A key for a program. It may do what its scopes say and its owner may do; the secret itself is nowhere. */
@Entity({ name: 'api_keys' })
@Index('api_keys_owner_id_idx', ['ownerId'])
@Unique('api_keys_hash_key', ['hash'])
@Unique('api_keys_previous_hash_key', ['previousHash'])
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_keys_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'api_keys_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => User, { name: 'api_keys_owner_id_fkey' })
  @Column('uuid', { name: 'owner_id' })
  ownerId: string;

  @Column('text')
  name: string;

  /** Its last characters, so that its holder can tell one key from another. */
  @Column('text')
  hint: string;

  @Column('bytea')
  hash: Buffer;

  /** The secret before the last rotation, which goes on working until `previousUntil`. */
  @Column('bytea', { name: 'previous_hash', nullable: true })
  previousHash: Buffer | null;

  @Column('timestamptz', { name: 'previous_until', nullable: true })
  previousUntil: Date | null;

  @Column('text', { array: true })
  scopes: string[];

  /** The only datasets it reaches; null for all. */
  @Column('uuid', { name: 'dataset_ids', array: true, nullable: true })
  datasetIds: string[] | null;

  /** Addresses and networks (CIDR) it may be used from; from everywhere when there is none. */
  @Column('text', { array: true })
  networks: string[];

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** To the minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
