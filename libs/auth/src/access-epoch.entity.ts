import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Tenant } from './tenant.entity.ts';

/** Raised by every change that takes a right away; a server that sees another number forgets what it remembered. */
@Entity({ name: 'access_epochs' })
export class AccessEpoch {
  @ForeignKey(() => Tenant, { name: 'access_epochs_tenant_id_fkey' })
  @PrimaryColumn('uuid', { name: 'tenant_id', primaryKeyConstraintName: 'access_epochs_pkey' })
  tenantId: string;

  @Column('bigint')
  epoch: number;
}
