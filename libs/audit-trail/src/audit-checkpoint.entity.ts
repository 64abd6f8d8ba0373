import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** A signed remark on how long the chain was at a time, and what it ended with. */
@Entity({ name: 'audit_checkpoints' })
@Unique('audit_checkpoints_tenant_id_previous_key', ['tenantId', 'previous'])
export class AuditCheckpointRow {
  /** Named and not imported: rooms are imported downhill only. */
  @ForeignKey('Tenant', { name: 'audit_checkpoints_tenant_id_fkey' })
  @PrimaryColumn('uuid', { name: 'tenant_id', primaryKeyConstraintName: 'audit_checkpoints_pkey' })
  tenantId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'audit_checkpoints_pkey' })
  number: number;

  @Column('bigint')
  count: number;

  @Column('bytea')
  head: Buffer;

  @Column('timestamptz')
  at: Date;

  @Column('bytea')
  previous: Buffer;

  @Column('text', { name: 'key_id' })
  keyId: string;

  @Column('bytea')
  signature: Buffer;
}
