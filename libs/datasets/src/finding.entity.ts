import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const pk = { primaryKeyConstraintName: 'findings_pkey' };

/** Personal data found in a record version: what kind, where, how sure. Never the value. */
@Entity({ name: 'findings' })
@Index('findings_subject_idx', ['tenantId', 'subject'], { where: 'subject IS NOT NULL' })
export class FindingRow {
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('uuid', { name: 'dataset_id' })
  datasetId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'branch_id' })
  branchId: string;

  @PrimaryColumn('uuid', { ...pk, name: 'record_id' })
  recordId: string;

  @PrimaryColumn('bigint', { ...pk, name: 'from_seq' })
  fromSeq: number;

  @PrimaryColumn('integer', pk)
  ordinal: number;

  @Column('text')
  type: string;

  @Column('smallint')
  risk: number;

  /** RFC 6901, with keys that could be personal data themselves shown as `*`. */
  @Column('text')
  path: string;

  /** UTF-16 offsets in the string at `path`. */
  @Column('integer', { name: 'start_offset' })
  start: number;

  @Column('integer', { name: 'end_offset' })
  end: number;

  @Column('real')
  confidence: number;

  @Column('text')
  detector: string;

  @Column('integer', { name: 'rule_version' })
  ruleVersion: number;

  /** First 16 bytes of HMAC-SHA256(tenant's index key, type and normalised value): who it is about, blindly. */
  @Column('bytea', { nullable: true })
  subject: Buffer | null;
}
