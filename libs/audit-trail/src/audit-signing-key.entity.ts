import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key pair that signs the audit, its secret half under a root key. The vault's own, so it belongs to no tenant. */
@Entity({ name: 'audit_signing_keys' })
export class AuditSigningKey {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'audit_signing_keys_pkey' })
  number: number;

  @PrimaryColumn('text', { name: 'root_key_id', primaryKeyConstraintName: 'audit_signing_keys_pkey' })
  rootKeyId: string;

  @Column('bytea', { name: 'public_key' })
  publicKey: Buffer;

  @Column('bytea', { name: 'seed_salt' })
  seedSalt: Buffer;

  @Column('bytea', { name: 'seed_wrapped' })
  seedWrapped: Buffer;

  @Column('bytea', { name: 'seed_commitment' })
  seedCommitment: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
