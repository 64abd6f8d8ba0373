import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';

const pk = { primaryKeyConstraintName: 'idempotency_keys_pkey' };

/** A request that was answered, and how: kept for a day, in the transaction of what it did. */
@Entity({ name: 'idempotency_keys' })
@Index('idempotency_keys_expires_at_idx', ['expiresAt'])
export class IdempotencyRow {
  @ForeignKey(() => Tenant, { name: 'idempotency_keys_tenant_id_fkey' })
  @PrimaryColumn('uuid', { ...pk, name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'actor_id' })
  actorId: string;

  /** HMAC-SHA256 of the key: clients put all sorts of things into it. */
  @PrimaryColumn('bytea', { ...pk, name: 'key_mac' })
  keyMac: Buffer;

  /** HMAC-SHA256 of method, address and body. */
  @Column('bytea', { name: 'request_mac' })
  requestMac: Buffer;

  /** The answer as JSON, sealed: it may hold what is shown only once. */
  @Column('bytea')
  answer: Buffer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
