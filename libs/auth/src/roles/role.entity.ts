import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { Conditions, Effect } from '../access/rule.ts';
import { Tenant } from '../tenant.entity.ts';

/** A role that a tenant has made for itself, beside the built-in ones. */
@Entity({ name: 'roles' })
@Unique('roles_tenant_id_name_key', ['tenantId', 'name'])
@Check('roles_effect_check', `effect IN ('allow', 'deny')`)
export class Role {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'roles_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'roles_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Users and grants name it by this; it never changes. */
  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** Whether it gives its permissions or takes them away. */
  @Column('text')
  effect: Effect;

  @Column('text', { array: true })
  permissions: string[];

  @Column('jsonb')
  conditions: Conditions;

  /** Rises with every change: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
