import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';

@Entity({ name: 'users' })
@Unique('users_email_key', ['email'])
@Unique('users_invite_hash_key', ['inviteHash'])
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'users_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** In its canonical form, see `canonicalEmail`; one address signs in to one tenant. */
  @Column('text')
  email: string;

  /** Argon2id in PHC string format; null until an invited user has chosen a password. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @Column('text', { array: true })
  roles: string[];

  /** Closed for good: its sessions have ended. */
  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt: Date | null;

  /** Nothing of this user is let in until it is unlocked. */
  @Column('timestamptz', { name: 'locked_at', nullable: true })
  lockedAt: Date | null;

  /** SHA-256 of the token that sets a password once. */
  @Column('bytea', { name: 'invite_hash', nullable: true })
  inviteHash: Buffer | null;

  @Column('timestamptz', { name: 'invite_expires_at', nullable: true })
  inviteExpiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** How an address is compared and stored: composed characters, lower case, no space around. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}
