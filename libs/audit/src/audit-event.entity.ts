import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type AuditResult = 'allowed' | 'denied' | 'failed';
export type AuditDetails = Record<string, string | number | boolean | null>;

/** One thing that was done, tried or read. Never changed, never taken away. */
@Entity({ name: 'audit_events' })
@Index('audit_events_tenant_id_at_idx', ['tenantId', 'at'])
@Index('audit_events_tenant_id_xid_idx', ['tenantId', 'xid'])
@Index('audit_events_tenant_id_resource_at_idx', ['tenantId', 'resource', 'at'])
@Check('audit_events_result_check', `result IN ('allowed', 'denied', 'failed')`)
export class AuditEvent {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_events_pkey' })
  id: string;

  /** Named and not imported: rooms are imported downhill only. */
  @ForeignKey('Tenant', { name: 'audit_events_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at: Date;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('text')
  action: string;

  /** What it was done to, as it is shown outside: `ds_…`. */
  @Column('text')
  resource: string;

  @Column('text')
  result: AuditResult;

  @Column('text', { nullable: true })
  reason: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('text', { nullable: true })
  ip: string | null;

  /** Counts and names of settings; never content. */
  @Column('jsonb', { default: {} })
  details: AuditDetails;

  /** Number of the transaction that wrote it; the database fills it in. */
  @Column('bigint', { default: () => 'vault_xid()', select: false })
  xid: number;
}
