// The room of identity on a database of its own, with a clock that can be set and everything it says kept.
import { randomBytes } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { Audit, AuditEvent } from '#audit';
import { AuthCounters, authEntities, type Identity, openIdentity, TokenKeys, User } from '#auth';
import { keyringFromMasterKey, KeyService, LocalKeyManagement, MemoryTenantKeyStore } from '#crypto';
import { Clock, Log, type LogFields, newId } from '#kernel';
import { SaidDatasets } from './gatekeeper.ts';
import { type Kind, openTestDatabase, type TestDatabase } from './test-database.ts';

export class SetClock extends Clock {
  ms = Date.now();
  override now(): Date {
    return new Date(this.ms);
  }
}

export class Counts extends AuthCounters {
  attempts = 0;
  failures = 0;
  denials = 0;
  override attempt(): void {
    this.attempts += 1;
  }
  override failure(): void {
    this.failures += 1;
  }
  override denied(): void {
    this.denials += 1;
  }
}

export class KeptLog extends Log {
  readonly lines: LogFields[] = [];
  override debug(): void {}
  override info(fields: LogFields): void {
    this.lines.push(fields);
  }
  override warn(fields: LogFields): void {
    this.lines.push(fields);
  }
  override error(fields: LogFields): void {
    this.lines.push(fields);
  }
}

export const PASSWORD = 'a passphrase of five words';

/** One server: what it remembers is its own. */
export interface Server extends Identity {
  clock: SetClock;
  counters: Counts;
  log: KeptLog;
  tokenKeys: TokenKeys;
}

export class IdentityPlace {
  readonly tenantId = newId();
  private hash = '';
  private readonly keys = new KeyService(
    new LocalKeyManagement(keyringFromMasterKey(randomBytes(32).toString('base64'))),
    new MemoryTenantKeyStore(),
    { size: 10, ttlSeconds: 300 },
    new SetClock(),
  );
  readonly place: TestDatabase;
  /** What is known of datasets here: their own room is not. */
  readonly datasets = new SaidDatasets();

  private constructor(place: TestDatabase) {
    this.place = place;
  }

  static async open(kind: Kind): Promise<IdentityPlace> {
    const made = new IdentityPlace(await openTestDatabase(kind, [...authEntities, AuditEvent]));
    const { users, passwords } = made.server();
    made.hash = await passwords.hash(PASSWORD);
    await made.inTenant(() => users.insertTenant({ id: made.tenantId, slug: `t-${made.tenantId}`, name: 'One' }));
    return made;
  }

  close(): Promise<void> {
    return this.place.close();
  }

  /** Another server on the same database. */
  server(change: { audit?: Audit; tokenKeys?: TokenKeys; idleHours?: number } = {}): Server {
    const { database } = this.place;
    const [clock, counters, log] = [new SetClock(), new Counts(), new KeptLog()];
    const { audit = new Audit(database), tokenKeys = new TokenKeys('s'.repeat(32)), idleHours = 24 } = change;
    const { datasets } = this;
    const parts = { database, datasets, audit, clock, counters, log, keys: this.keys, jwt: new JwtService({}) };
    const tokens = { issuer: 'vault', audience: 'people', minutes: 15 };
    const identity = openIdentity(parts, { tokenKeys, tokens, lifetimes: { idleHours, refreshDays: 7 } });
    return { ...identity, clock, counters, log, tokenKeys };
  }

  /** A user with the password above. */
  async newUser(change: Partial<User> = {}): Promise<{ id: string; tenantId: string; email: string }> {
    const id = newId();
    const email = `user-${id}@example.org`;
    const row = { id, tenantId: this.tenantId, email, passwordHash: this.hash, roles: ['admin'], ...change };
    await this.inTenant(() => this.place.database.repository(User).insert(row));
    return { id, tenantId: this.tenantId, email: row.email };
  }

  change(id: string, change: Partial<User>): Promise<unknown> {
    return this.inTenant(() => this.place.database.repository(User).update(id, change));
  }

  inTenant<T>(work: () => Promise<T>): Promise<T> {
    return this.place.database.inTenant(this.tenantId, work);
  }

  query<R = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    return this.inTenant(() => this.place.database.query<R>(sql, parameters));
  }

  /** Newest first. */
  events(actorId?: string): Promise<AuditEvent[]> {
    const where = actorId ? { actorId } : {};
    return this.inTenant(() => this.place.database.repository(AuditEvent).find({ where, order: { id: 'DESC' } }));
  }
}
