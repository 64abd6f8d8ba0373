import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** One customer: every other row belongs to one. */
@Entity({ name: 'tenants' })
@Unique('tenants_slug_key', ['slug'])
export class Tenant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'tenants_pkey' })
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
