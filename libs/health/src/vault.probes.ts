import type { Tokens } from '#auth';
import type { KeyManagement } from '#crypto';
import type { Database, Migrator } from '#database';
import type { Clock } from '#kernel';
import type { MaintenanceMode } from '#maintenance';
import type { BlobStore } from '#storage';
import type { RateLimitStore } from '#throttling';
import { DatabaseCheck } from './database.check.ts';
import { type Component, Probe, type ProbeTimes } from './probe.ts';
import { type ProbeTime, STEADY_TIME } from './probe.time.ts';

/** Migrations are applied by hand, and to look for them takes the connection of the embedded database. */
const MIGRATIONS_MS = 30_000;
/** Tokens are taken with a leeway of seconds; a clock that is further off refuses the users of other replicas. */
const MOST_SKEW_MS = 5000;

export interface WatchedParts {
  database: Pick<Database, 'ping' | 'poolStats'>;
  migrator: Pick<Migrator, 'status'>;
  blobs: Pick<BlobStore, 'ping'>;
  kms: Pick<KeyManagement, 'ping'>;
  limits: Pick<RateLimitStore, 'status'>;
  tokens: Pick<Tokens, 'keyId'>;
  maintenance: Pick<MaintenanceMode, 'isOn'>;
  clock: Clock;
}

/** What is looked at, under the names that operators see. */
export type Probes = Readonly<Record<'database' | 'storage', Probe>> & Readonly<Record<string, Probe>>;

export function vaultProbes(parts: WatchedParts, time: ProbeTime = STEADY_TIME): Probes {
  const probe = (check: () => Promise<Component>, late?: () => Component, times?: Partial<ProbeTimes>): Probe =>
    new Probe(check, late, times, time);
  const database = new DatabaseCheck(parts.database, parts.clock, () => time.now());
  const databaseProbe = probe(
    () => database.check(),
    () => database.unanswered(),
  );
  return {
    database: databaseProbe,
    redis: probe(() => redis(parts.limits)),
    storage: probe(() => answers(parts.blobs)),
    kms: probe(() => answers(parts.kms)),
    // So that an operator sees a rotation happen, on each server.
    auth: probe(async () => ({ status: 'healthy', jwt_key_id: parts.tokens.keyId })),
    // Nothing is wrong then, and so it says nothing of the whole.
    maintenance: probe(async () => ({ status: 'healthy', active: parts.maintenance.isOn }), undefined, { cacheMs: 0 }),
    migrations: probe(...migrations(parts.migrator)),
    clock: probe(
      async () => {
        await databaseProbe.look();
        return skew(database.skew);
      },
      () => skew(database.skew),
    ),
  };
}

async function answers(part: { ping(): Promise<void> }): Promise<Component> {
  await part.ping();
  return { status: 'healthy' };
}

async function redis(limits: WatchedParts['limits']): Promise<Component> {
  const { status, latency_ms, shared, degraded } = await limits.status();
  // Without Redis each server counts for itself, as it was told to: nothing is wrong with that.
  if (!shared) return { status: 'healthy', latency_ms, configured: false };
  return { status: degraded ? 'unhealthy' : status, latency_ms };
}

function migrations(
  migrator: WatchedParts['migrator'],
): [() => Promise<Component>, () => Component, Partial<ProbeTimes>] {
  // Not to know for a moment is no change: that the database is away is told by its own entry.
  let last: Component = { status: 'degraded' };
  const check = async (): Promise<Component> => {
    const { pending } = await migrator.status();
    last = { status: pending.length > 0 ? 'degraded' : 'healthy', pending: pending.length };
    return last;
  };
  return [() => check().catch(() => last), () => last, { cacheMs: MIGRATIONS_MS }];
}

function skew(ms: number | null): Component {
  if (ms === null) return { status: 'degraded' };
  return { status: Math.abs(ms) > MOST_SKEW_MS ? 'degraded' : 'healthy', skew_ms: ms };
}
