import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Tenant } from '../tenant.entity.ts';
import { Session } from './session.entity.ts';

/** A refresh token, as its hash. A used one is kept until it would have ended: to see it again means it was stolen. */
@Entity({ name: 'refresh_tokens' })
@Index('refresh_tokens_session_id_idx', ['sessionId'])
export class RefreshToken {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'refresh_tokens_pkey' })
  hash: Buffer;

  @ForeignKey(() => Tenant, { name: 'refresh_tokens_tenant_id_fkey' })
  @Column('uuid', { name: 'tenant_id' })
  tenantId: string;

  @ForeignKey(() => Session, { name: 'refresh_tokens_session_id_fkey' })
  @Column('uuid', { name: 'session_id' })
  sessionId: string;

  /** The signing key of the time it was made. When that key is accepted no more, neither is the token. */
  @Column('text', { name: 'key_id' })
  keyId: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt: Date | null;
}
