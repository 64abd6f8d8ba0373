import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Conditions, Effect } from '../access/rule.ts';
import { Tenant } from '../tenant.entity.ts';
import { User } from '../users/user.entity.ts';

/** What one user, or everyone with a role, may or may not do with one dataset. */
@Entity({ name: 'dataset_grants' })
@Index('dataset_grants_dataset_id_idx', ['datasetId'])
@Index('dataset_grants_user_id_idx', ['userId'])
@Index('dataset_grants_tenant_id_role_idx', ['tenantId', 'role'])
@Check('dataset_grants_effect_check', `effect IN ('allow', 'deny')`)
@Check('dataset_grants_holder_check', `(user_id IS NULL) <> (role IS NULL)`)
export class Grant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'dataset_grants_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'dataset_grants_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** No foreign key: datasets are in a room above this one. An id is never given twice, so what is left over opens nothing. */
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @ForeignKey(() => User, { name: 'dataset_grants_user_id_fkey' })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  /** Name of the role; either this or the user. */
  @Column('text', { nullable: true })
  role: string | null;

  @Column('text')
  effect: Effect;

  @Column('text', { array: true })
  permissions: string[];

  @Column('jsonb')
  conditions: Conditions;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
