import { Audit } from '#audit';
import { openAuditTrail } from '#audit-trail';
import { TokenKeys } from '#auth';
import { loadSettings } from '#config';
import {
  keyringFromMasterKey,
  KeyService,
  LocalKeyManagement,
  MemorySigningKeyStore,
  MemoryTenantKeyStore,
  randomToken,
  SigningKeys,
} from '#crypto';
import { unopenedDatabase } from '#database';
import { SilentLog, SystemClock } from '#kernel';
import { MaintenanceMode } from '#maintenance';
import { type JobCounts, JobQueue } from '#queue';
import { MemoryBlobStore } from '#storage';
import { createApp } from '../http/create-app.ts';
import { openApiDocument } from '../http/openapi.ts';
import { MaintenanceGate } from '../modules/work.module.ts';
import type { Platform } from '../platform.ts';
import { settingsSchema } from '../settings.ts';

/** Prints the OpenAPI document as the server serves it, with nothing opened and nothing read. */
export async function showOpenApi(): Promise<number> {
  const log = new SilentLog();
  const loaded = loadSettings(settingsSchema, { env: {}, configDir: '/nonexistent' });
  const platform = hollowPlatform();
  const maintenance = new MaintenanceMode(platform.database, log);
  const gate = new MaintenanceGate(maintenance);
  const app = await createApp({ loaded, platform, maintenance, queue: new IdleQueue(), gate, log });
  console.log(JSON.stringify(openApiDocument(app), null, 2));
  return 0;
}

/** Everything in memory, and a database that nobody opens: good for looking at, and not for serving. */
function hollowPlatform(): Platform {
  const log = new SilentLog();
  const clock = new SystemClock();
  const { database, migrator } = unopenedDatabase(log);
  const kms = new LocalKeyManagement(keyringFromMasterKey(randomToken(32)));
  const keys = new KeyService(kms, new MemoryTenantKeyStore(), { size: 1, ttlSeconds: 1 }, clock);
  const signing = new SigningKeys(kms, new MemorySigningKeyStore());
  const blobs = new MemoryBlobStore();
  const close = async (): Promise<void> => keys.close();
  const opened = {
    embedded: true,
    dataSource: database.dataSource,
    migrator,
    ready: async () => database,
    statement: async () => [],
    watch: () => undefined,
    close,
  };
  const auditTrail = openAuditTrail({
    database,
    audit: new Audit(database),
    keys,
    signing,
    anchors: blobs,
    exports: blobs,
    clock,
    config: { checkpoint_entries: 1, checkpoint_seconds: 1 },
  });
  const tokenKeys = new TokenKeys(randomToken(32), []);
  return { database, opened, blobs, kms, keys, signing, auditTrail, tokenKeys, clock, close };
}

/** Takes no work, and is asked for none. */
class IdleQueue extends JobQueue {
  override async enqueue(): Promise<void> {}
  override async work(): Promise<void> {}
  override async counts(): Promise<JobCounts[]> {
    return [];
  }
  override async stop(): Promise<void> {}
}
