import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Looking } from '../duplicates/duplicate.tasks.ts';
import { BAND_COLUMNS } from '../record-columns.ts';

const pk = { primaryKeyConstraintName: 'content_sketches_pkey' };

/** What one version of a record is like, as a keyed sketch: of two it tells how much they have in common, and without the key nothing else. */
@Entity({ name: 'content_sketches' })
export class ContentSketch {
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'record_id' })
  recordId: string;

  /** Of the content, see `ContentHash`. */
  @PrimaryColumn('bytea', pk)
  leaf: Buffer;

  /** Names what was looked at, and how. */
  @Column('integer')
  method: number;

  /** Empty where there is no text. */
  @Column('bytea')
  sketch: Buffer;
}

// A column and an index for each band: what is alike is found by any of them.
for (const band of BAND_COLUMNS) {
  Column('integer', { name: band, nullable: true })(ContentSketch.prototype, band);
  Index(`content_sketches_${band}_idx`, [band])(ContentSketch);
}

/** A dataset of whose records such sketches are kept. */
@Entity({ name: 'content_sketchings' })
export class ContentSketching {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'content_sketchings_pkey', name: 'dataset_id' })
  datasetId: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Which brings in what was there already. */
  @Column('uuid', { name: 'job_id' })
  jobId: string;

  @Column('jsonb')
  looking: Looking;

  /** Null: of what was there, not all is known yet. */
  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt: Date | null;
}
