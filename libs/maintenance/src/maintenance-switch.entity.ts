import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Who may begin it: a person or a command, or an annotation of the Deployment that the servers run under. */
export type MaintenanceSource = 'operator' | 'deployment-annotation';

/** One row for each source that wants maintenance; without a row there is none. Of no tenant: it is the whole vault's. */
@Entity({ name: 'maintenance_switches' })
@Check('maintenance_switches_source_check', `source IN ('operator', 'deployment-annotation')`)
export class MaintenanceSwitch {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'maintenance_switches_pkey' })
  source: MaintenanceSource;

  @Column('text')
  reason: string;

  /** Null where nobody in particular did it. */
  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  since: Date;
}
