import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What only one root key can have made: a later start with another key is refused before it touches anything. */
@Entity({ name: 'root_key_checks' })
export class RootKeyCheck {
  @PrimaryColumn('text', { name: 'key_id', primaryKeyConstraintName: 'root_key_checks_pkey' })
  keyId: string;

  @Column('bytea')
  answer: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
