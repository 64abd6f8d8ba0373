import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { type Classification, Tenant } from '#auth';
import type { Gate } from './gates/gate.ts';
import type { RecordKind } from './schemas/record-kinds.ts';

@Entity({ name: 'datasets' })
@Unique('datasets_tenant_id_name_key', ['tenantId', 'name'])
@Check('datasets_record_kind_check', `record_kind IN ('free', 'chat', 'completion', 'preference', 'eval', 'text')`)
@Check('datasets_classification_check', `classification IN ('public', 'internal', 'confidential', 'restricted')`)
export class Dataset {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'datasets_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'datasets_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @Column('text')
  name: string;

  @Column('text', { default: '' })
  description: string;

  @Column('text', { name: 'default_branch', default: 'main' })
  defaultBranch: string;

  /** How guarded it is: what the conditions of roles and grants ask for. */
  @Column('text', { default: 'confidential' })
  classification: Classification;

  /** What each record is for, and so must be. */
  @Column('text', { name: 'record_kind', default: 'free' })
  recordKind: RecordKind;

  /** Which of its schemas holds; 0 where records may be anything. */
  @Column('integer', { name: 'schema_version', default: 0 })
  schemaVersion: number;

  /** What a commit must be like to get onto a branch. */
  @Column('jsonb', { default: [] })
  gates: Gate[];

  /** Rises with every change of this row: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
