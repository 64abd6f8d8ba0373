import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

const pk = { primaryKeyConstraintName: 'external_identities_pkey' };

/** Who somebody is at an identity provider. Addresses change hands there; a subject never does. */
@Entity({ name: 'external_identities' })
@Index('external_identities_user_id_idx', ['userId'])
export class ExternalIdentity {
  @ForeignKey(() => Tenant, { name: 'external_identities_tenant_id_fkey' })
  @PrimaryColumn('uuid', { ...pk, name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('text', pk)
  issuer: string;

  @PrimaryColumn('text', pk)
  subject: string;

  @ForeignKey(() => User, { name: 'external_identities_user_id_fkey' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Whether the user was made by it, so that the provider says which roles it has. */
  @Column('boolean', { name: 'made_user' })
  madeUser: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
