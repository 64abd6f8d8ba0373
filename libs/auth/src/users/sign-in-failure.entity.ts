import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How often in a row a sign-in failed. Its key is a hash: what somebody types may be anybody's address. */
@Entity({ name: 'sign_in_failures' })
@Index('sign_in_failures_last_at_idx', ['lastAt'])
export class SignInFailure {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sign_in_failures_pkey' })
  identity: Buffer;

  @Column('integer')
  failures: number;

  @Column('timestamptz', { name: 'last_at' })
  lastAt: Date;

  @Column('timestamptz', { name: 'blocked_until' })
  blockedUntil: Date;
}
