import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An object that no row names, or not yet: it is to be deleted. */
@Entity({ name: 'leftover_objects' })
@Index('leftover_objects_not_before_idx', ['notBefore'])
export class LeftoverObject {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'leftover_objects_pkey' })
  object: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  /** Until then somebody may be about to name it. */
  @Column('timestamptz', { name: 'not_before' })
  notBefore: Date;
}
