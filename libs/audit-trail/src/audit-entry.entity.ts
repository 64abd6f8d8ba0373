import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** An event's place in its tenant's chain. Written once by the sealer, never changed. */
@Entity({ name: 'audit_entries' })
@Unique('audit_entries_event_id_key', ['eventId'])
@Unique('audit_entries_tenant_id_prev_key', ['tenantId', 'prev'])
@Index('audit_entries_tenant_id_sealed_at_idx', ['tenantId', 'sealedAt'])
export class AuditEntryRow {
  /** Named and not imported: rooms are imported downhill only. */
  @ForeignKey('Tenant', { name: 'audit_entries_tenant_id_fkey' })
  @PrimaryColumn('uuid', { name: 'tenant_id', primaryKeyConstraintName: 'audit_entries_pkey' })
  tenantId: string;

  /** 1, 2, 3 … without a gap. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'audit_entries_pkey' })
  seq: number;

  @Column('uuid', { name: 'event_id' })
  eventId: string;

  /** Hash of the entry before. That it is unique is what keeps two sealers from making two chains. */
  @Column('bytea')
  prev: Buffer;

  @Column('bytea')
  hash: Buffer;

  /** Over the hash, under a key of the tenant: who can only write to the database cannot make one. */
  @Column('bytea')
  mac: Buffer;

  /** Every event of a transaction with a smaller number is in the chain up to here, or never will be. */
  @Column('bigint')
  horizon: number;

  @Column('timestamptz', { name: 'sealed_at' })
  sealedAt: Date;
}
