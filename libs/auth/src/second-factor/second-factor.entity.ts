import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

/** A user's authenticator app: its secret under the tenant's key, and the hashes of the recovery codes that are left. */
@Entity({ name: 'second_factors' })
export class SecondFactor {
  @ForeignKey(() => User, { name: 'second_factors_user_id_fkey' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'second_factors_pkey' })
  userId: string;

  @ForeignKey(() => Tenant, { name: 'second_factors_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('integer', { name: 'tenant_key_version' })
  tenantKeyVersion: number;

  @Column('bytea', { name: 'secret_salt' })
  secretSalt: Buffer;

  @Column('bytea', { name: 'secret_wrapped' })
  secretWrapped: Buffer;

  @Column('bytea', { name: 'secret_commitment' })
  secretCommitment: Buffer;

  @Column('bytea', { name: 'recovery_hashes', array: true })
  recoveryHashes: Buffer[];

  /** The time step of the last code that was taken: that one and older ones are taken no more. */
  @Column('bigint', { name: 'last_step', default: 0 })
  lastStep: number;

  /** Null until a first code has shown that the app works. Before that it is not asked for. */
  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
