import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';
import { Commit } from './commit.entity.ts';
import { Dataset } from './dataset.entity.ts';
import type { FileReport } from './formats/import-format.ts';

export type ImportState = 'running' | 'completed' | 'completed_with_errors' | 'failed';

/** One file brought in: under which commit, how far, and what was wrong with it. */
@Entity({ name: 'imports' })
@Index('imports_lease_until_idx', ['leaseUntil'], { where: `state = 'running'` })
@Check('imports_state_check', `state IN ('running', 'completed', 'completed_with_errors', 'failed')`)
export class Import {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'imports_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'imports_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'imports_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @ForeignKey(() => Commit, { name: 'imports_commit_id_fkey' })
  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('text')
  state: ImportState;

  @Column('bigint', { default: 0 })
  records: number;

  @Column('bigint', { default: 0 })
  rejected: number;

  /** Accepted, and held back by a gate. */
  @Column('bigint', { default: 0 })
  quarantined: number;

  /** Under which it puts those; null where no gate would hold anything back. */
  @Column('uuid', { name: 'held_commit_id', nullable: true })
  heldCommitId: string | null;

  /** Of the accepted lines, without line ends. */
  @Column('bigint', { default: 0 })
  bytes: number;

  @Column('jsonb', { name: 'findings_by_type', default: {} })
  findingsByType: Record<string, number>;

  /** How the file was read; null while that is not known. */
  @Column('jsonb', { nullable: true })
  report: FileReport | null;

  /** The code of the error that ended it. */
  @Column('text', { nullable: true })
  failure: string | null;

  /** All record ids of this import lie between these two: clearing an unfinished one reads nothing else. */
  @Column('uuid', { name: 'first_record_id' })
  firstRecordId: string;

  @Column('uuid', { name: 'last_record_id' })
  lastRecordId: string;

  /** Renewed while it runs; past it the importing process is gone, and what it staged is cleared. */
  @Column('timestamptz', { name: 'lease_until' })
  leaseUntil: Date;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}

/** A row that was not imported, where in it, and why; never what it said. */
@Entity({ name: 'import_errors' })
export class ImportError {
  @ForeignKey(() => Import, { name: 'import_errors_import_id_fkey' })
  @PrimaryColumn('uuid', { name: 'import_id', primaryKeyConstraintName: 'import_errors_pkey' })
  importId: string;

  /** Counted from 1: a line, an element of an array, a row of a table. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'import_errors_pkey' })
  line: number;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Of the characters of a line, or the columns of a table; from 1. */
  @Column('integer', { name: 'column_number', nullable: true })
  column: number | null;

  @Column('text', { nullable: true })
  path: string | null;

  @Column('text')
  reason: string;
}
