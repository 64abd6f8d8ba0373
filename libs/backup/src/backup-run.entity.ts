import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A backup that was made and read back. Of no tenant: it is of all of them. */
@Entity({ name: 'backup_runs' })
export class BackupRun {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'backup_runs_pkey' })
  name: string;

  @Column('text')
  place: string;

  @Column('bigint')
  bytes: number;

  @Column('timestamptz', { name: 'finished_at', default: () => 'now()' })
  finishedAt: Date;
}
