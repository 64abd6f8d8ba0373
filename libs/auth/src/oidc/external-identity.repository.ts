import type { Database } from '#database';
import { ExternalIdentity } from './external-identity.entity.ts';

/** Runs in a transaction of the tenant. */
export class ExternalIdentityRepository {
  constructor(private readonly database: Database) {}

  find(issuer: string, subject: string): Promise<ExternalIdentity | null> {
    return this.database.repository(ExternalIdentity).findOneBy({ issuer, subject });
  }

  async insert(identity: Omit<ExternalIdentity, 'createdAt'>): Promise<void> {
    await this.database.repository(ExternalIdentity).insert(identity);
  }
}
