import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Tenant } from '#auth';
import type { PolicyTerms } from '../presets/preset.ts';

/** What is taken out of records for whoever reads them under this name. */
@Entity({ name: 'masking_views' })
@Unique('masking_views_tenant_id_name_key', ['tenantId', 'name'])
export class View implements Omit<PolicyTerms, 'description'> {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'masking_views_pkey' })
  id: string;

  @ForeignKey(() => Tenant, { name: 'masking_views_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Never changes: conditions of roles and grants name it. */
  @Column('text')
  name: string;

  @Column('text')
  description: string;

  /** The policy whose terms these are, as it was when the view was saved: in words, as in what a job says of its policy. */
  @Column('text')
  policy: string;

  @Column('text')
  strategy: string;

  @Column('jsonb')
  strategies: Record<string, string>;

  @Column('text', { array: true, nullable: true })
  types: string[] | null;

  @Column('text', { name: 'extra_types', array: true })
  extraTypes: string[];

  @Column('real', { name: 'min_confidence', nullable: true })
  minConfidence: number | null;

  /** JSON Pointers of what is left out altogether. */
  @Column('text', { array: true })
  without: string[];

  /** Rises with every change: the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
