import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '#auth';
import { Dataset } from '../dataset.entity.ts';
import type { CsvOptions } from '../formats/csv/dialect.ts';
import type { SaidFrom } from '../ingest/segment.task.ts';

export type UploadState = 'open' | 'importing' | 'completed';

/** How the file is to be imported, once it is there. */
export interface UploadOptions {
  branch: string;
  message: string;
  strict: boolean;
  csv: CsvOptions;
  /** Left out where rows say nothing more of their records. */
  saidFrom?: SaidFrom;
}

/** A file that comes in parts, and the key they are sealed under: gone with the row, and as soon as the file is imported. */
@Entity({ name: 'uploads' })
@Index('uploads_dataset_id_idx', ['datasetId'])
@Index('uploads_expires_at_idx', ['expiresAt'])
@Check('uploads_state_check', `state IN ('open', 'importing', 'completed')`)
export class Upload {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'uploads_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'uploads_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Dataset, { name: 'uploads_dataset_id_fkey' })
  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @Column('text')
  name: string;

  /** What the sender said it will come to. */
  @Column('bigint', { nullable: true })
  size: number | null;

  @Column('text', { name: 'content_type' })
  contentType: string;

  @Column('text', { name: 'content_encoding', nullable: true })
  contentEncoding: string | null;

  @Column('jsonb')
  options: UploadOptions;

  @Column('text')
  state: UploadState;

  /** The job that imports it, or did. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** The latest try, also where it failed: it has the rows that are wrong. */
  @Column('uuid', { name: 'import_id', nullable: true })
  importId: string | null;

  @Column('uuid', { name: 'commit_id', nullable: true })
  commitId: string | null;

  @Column('integer', { name: 'tenant_key_version', nullable: true })
  tenantKeyVersion: number | null;

  @Column('bytea', { name: 'key_salt', nullable: true })
  keySalt: Buffer | null;

  @Column('bytea', { name: 'key_wrapped', nullable: true })
  keyWrapped: Buffer | null;

  @Column('bytea', { name: 'key_commitment', nullable: true })
  keyCommitment: Buffer | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

/** A part that is stored. It is there whole, or not at all. */
@Entity({ name: 'upload_parts' })
export class UploadPart {
  @ForeignKey(() => Upload, { name: 'upload_parts_upload_id_fkey' })
  @PrimaryColumn('uuid', { name: 'upload_id', primaryKeyConstraintName: 'upload_parts_pkey' })
  uploadId: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'upload_parts_pkey' })
  number: number;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  object: string;

  @Column('integer')
  bytes: number;

  @Column('integer', { name: 'sealed_bytes' })
  sealedBytes: number;

  /** HMAC of its SHA-256 with a key of the tenant: what a short part says could be guessed from the hash alone. */
  @Column('bytea')
  digest: Buffer;
}

/** Which commit a file became, told by a keyed hash of its bytes, branch and options. */
@Entity({ name: 'uploaded_files' })
export class UploadedFile {
  @ForeignKey(() => Dataset, { name: 'uploaded_files_dataset_id_fkey' })
  @PrimaryColumn('uuid', { name: 'dataset_id', primaryKeyConstraintName: 'uploaded_files_pkey' })
  datasetId: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'uploaded_files_pkey' })
  fingerprint: Buffer;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'import_id' })
  importId: string;

  @Column('uuid', { name: 'commit_id' })
  commitId: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
