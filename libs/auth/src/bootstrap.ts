import { randomBytes } from 'node:crypto';
import type { Audit } from '#audit';
import { type Database, sqlState } from '#database';
import { type Log, newId, showId } from '#kernel';
import type { Passwords } from './users/passwords.ts';
import { canonicalEmail } from './users/user.entity.ts';
import type { UserRepository } from './users/user.repository.ts';

const UNIQUE_VIOLATION = '23505';

export interface FirstAdministrator {
  email: string;
  password?: string;
}

/**
 * On the very first start: makes tenant `default` and its administrator. A password that was not given is made up
 * and said once. Of several servers that start at once one does it, and the others find it done.
 */
export async function bootstrap(
  { database, users, passwords, audit, log }: BootstrapParts,
  first: FirstAdministrator,
): Promise<void> {
  if ((await users.tenants()).length > 0) return;
  const made = first.password ? undefined : randomBytes(18).toString('base64url');
  const passwordHash = await passwords.hash(first.password ?? made!);
  const tenantId = newId();
  const id = newId();
  try {
    await database.inTenant(tenantId, async () => {
      await users.insertTenant({ id: tenantId, slug: 'default', name: 'Default' });
      await users.insert({ id, tenantId, email: canonicalEmail(first.email), passwordHash, roles: ['admin'] });
      await audit.append({ id: null, tenantId }, { action: 'tenant.create', resource: showId('ten', tenantId) });
      await audit.append({ id: null, tenantId }, { action: 'user.create', resource: showId('usr', id) });
    });
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION) return;
    throw error;
  }
  log.info({ event_type: 'bootstrap' }, 'made the first administrator, named by VAULT__BOOTSTRAP__ADMIN_EMAIL');
  if (made) log.warn({ event_type: 'bootstrap', initial_password: made }, 'its password, said only this once: keep it');
}

interface BootstrapParts {
  database: Database;
  users: UserRepository;
  passwords: Passwords;
  audit: Audit;
  log: Log;
}
