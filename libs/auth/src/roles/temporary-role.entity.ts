import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

const pk = { primaryKeyConstraintName: 'temporary_roles_pkey' };

/** A role somebody has until a certain time, beside those a user has for good. */
@Entity({ name: 'temporary_roles' })
export class TemporaryRole {
  @ForeignKey(() => User, { name: 'temporary_roles_user_id_fkey' })
  @PrimaryColumn('uuid', { ...pk, name: 'user_id' })
  userId: string;

  /** Its name. */
  @PrimaryColumn('text', pk)
  role: string;

  @ForeignKey(() => Tenant, { name: 'temporary_roles_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('uuid', { name: 'given_by' })
  givenBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
