import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Something that happened, written in the transaction that made it happen, for those who want to be told. */
@Entity({ name: 'outbox_events' })
@Index('outbox_events_created_at_idx', ['createdAt'])
export class OutboxEvent {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'outbox_events_pkey' })
  id: string;

  /** Named and not imported: rooms are imported downhill only. */
  @ForeignKey('Tenant', { name: 'outbox_events_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  topic: string;

  /** Ids and counts; never content. */
  @Column('jsonb')
  payload: Record<string, unknown>;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
