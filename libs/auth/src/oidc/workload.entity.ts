import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

/** A program that signs in with a token of another issuer: whose, for whom, and saying what. */
@Entity({ name: 'workloads' })
@Unique('workloads_tenant_id_name_key', ['tenantId', 'name'])
export class Workload {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'workloads_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'workloads_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** As whom it acts: a user of its own that nobody can sign in as. */
  @ForeignKey(() => User, { name: 'workloads_user_id_fkey' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  name: string;

  @Column('text')
  issuer: string;

  @Column('text')
  audience: string;

  /** What its token must say: exactly this, or one of these. */
  @Column('jsonb')
  claims: Record<string, string[]>;

  /** What its access tokens are for, if for one thing only. */
  @Column('text', { nullable: true })
  purpose: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
