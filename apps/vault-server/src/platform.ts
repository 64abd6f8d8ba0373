import { join } from 'node:path';
import { Audit, AuditEvent } from '#audit';
import { auditTrailEntities, type AuditTrailRoom, openAuditTrail, SigningKeyRepository } from '#audit-trail';
import { BackupRun } from '#backup';
import { authEntities, checkRootKey, TenantKeyRepository, TokenKeys } from '#auth';
import { SettingsInvalid } from '#config';
import {
  type KeyManagement,
  type Keyring,
  keyringFromMasterKey,
  KeyService,
  loadKeyring,
  loadOrCreateKeyring,
  LocalKeyManagement,
  SigningKeys,
} from '#crypto';
import { type Database, lockDataDir, openDatabase, type OpenedDatabase } from '#database';
import { datasetEntities } from '#datasets';
import { IdempotencyRow } from '#idempotency';
import { type Clock, type Log, SystemClock } from '#kernel';
import { MaintenanceSwitch } from '#maintenance';
import { piiRuleEntities } from '#pii-rules';
import { Job, migrateQueue, OutboxEvent } from '#queue';
import { type BlobStore, createBlobStore } from '#storage';
import { keptSecret, openDataDir } from './data-dir.ts';
import type { Settings } from './settings.ts';
import { openTracing, tracedBlobs, tracedKeys, type Tracing, watchSql } from './tracing/open-tracing.ts';

/** Every row of the product, for the database and for the test that holds it equal to the migrations. */
export const entities = [
  IdempotencyRow,
  ...authEntities,
  ...datasetEntities,
  ...piiRuleEntities,
  ...auditTrailEntities,
  AuditEvent,
  MaintenanceSwitch,
  BackupRun,
  OutboxEvent,
  Job,
];

/** What the rooms stand on, opened and checked, before any of them is made. */
export interface Platform {
  database: Database;
  opened: OpenedDatabase;
  blobs: BlobStore;
  kms: KeyManagement;
  keys: KeyService;
  signing: SigningKeys;
  auditTrail: AuditTrailRoom;
  tokenKeys: TokenKeys;
  clock: Clock;
  /** Where traces are asked for. */
  tracing?: Tracing;
  close(): Promise<void>;
}

/** The database alone, as its owner: all that migrations need. */
export function openOwner(settings: Settings, log: Log): Promise<OpenedDatabase> {
  if (!settings.database.url) openDataDir(settings.data_dir);
  return openDatabase(settings.database, settings.data_dir, entities, log);
}

/** Brings our tables and the queue's up to date, and gives the names of the migrations that were missing. */
export async function migrateUp(opened: OpenedDatabase): Promise<string[]> {
  const queue = (): Promise<void> => migrateQueue((sql, values) => opened.statement(sql, values));
  if (!opened.embedded) return opened.migrator.up(queue);
  // The built-in database has one connection, and nobody else has it open.
  const done = await opened.migrator.up();
  await queue();
  return done;
}

/** The root keys alone. @throws SettingsInvalid, MasterKeyMalformed, KeyringMalformed … */
export async function openKeyManagement(settings: Settings, log: Log): Promise<KeyManagement> {
  return new LocalKeyManagement(await rootKeys(settings, log));
}

/** Where the keyring is when no setting holds the root keys. */
export function keyringPath({ data_dir: dataDir }: Settings): string {
  return join(dataDir, 'keyring.json');
}

/** Runs `work` while no server uses the data folder, and none can start. @throws DataDirInUse */
export async function withDataDir<T>({ data_dir: dataDir }: Settings, work: () => Promise<T>): Promise<T> {
  openDataDir(dataDir);
  const unlock = lockDataDir(dataDir);
  try {
    return await work();
  } finally {
    unlock();
  }
}

/**
 * Opens everything in the order in which it can say no: settings and keys first, which touch nothing, then the
 * database, whose known answer refuses a wrong root key, then the store.
 *
 * @throws SettingsInvalid, WrongRootKey, SchemaBehind, DatabaseUnavailable, StorageUnavailable …
 */
export async function openPlatform(settings: Settings, log: Log): Promise<Platform> {
  const clock = new SystemClock();
  const tracing = openTracing(settings, log);
  const kms = tracedKeys(await openKeyManagement(settings, log), tracing);
  const opened = await openOwner(settings, log);
  try {
    if (opened.embedded) await migrateUp(opened);
    watchSql(opened, tracing);
    const database = await opened.ready();
    await checkRootKey(database, kms);
    const { cache_size: size, cache_ttl_seconds: ttlSeconds } = settings.encryption;
    const keys = new KeyService(kms, new TenantKeyRepository(database), { size, ttlSeconds }, clock);
    const blobs = tracedBlobs(await createBlobStore(settings.storage, settings.data_dir), settings, tracing);
    const signing = new SigningKeys(kms, new SigningKeyRepository(database));
    const auditTrail = openAuditTrail({
      database,
      audit: new Audit(database),
      keys,
      signing,
      ...(await auditStores(settings)),
      clock,
      config: settings.audit,
    });
    const secret = settings.jwt_secret ?? (await keptSecret(settings.data_dir));
    const tokenKeys = new TokenKeys(secret, settings.jwt_secret_previous);
    const close = async (): Promise<void> => {
      keys.close();
      await opened.close();
      await tracing?.close();
    };
    return { database, opened, blobs, kms, keys, signing, auditTrail, tokenKeys, clock, tracing, close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Beside the sealed objects, in places of their own. */
async function auditStores({ storage, audit, data_dir: dataDir }: Settings): Promise<AuditStores> {
  const folder = audit.path ?? join(dataDir, 'audit');
  const store = (name: string, bucket: string | undefined, prefix: string): Promise<BlobStore> => {
    const s3 = { ...storage.s3, bucket: bucket ?? storage.s3.bucket, prefix };
    return createBlobStore({ ...storage, s3, filesystem: { path: join(folder, name) } }, dataDir);
  };
  return {
    anchors: await store('anchors', audit.anchor_bucket, audit.anchor_prefix),
    exports: await store('days', audit.export_bucket, audit.export_prefix),
  };
}

type AuditStores = Record<'anchors' | 'exports', BlobStore>;

async function rootKeys(settings: Settings, log: Log): Promise<Keyring> {
  const { master_key: masterKey } = settings.encryption;
  if (masterKey) return keyringFromMasterKey(masterKey);
  const path = keyringPath(settings);
  if (settings.database.url) {
    const found = await loadKeyring(path);
    if (found) return found;
    // Made here, the key would be gone with the container, and with it every record in the database.
    const detail = 'is required together with VAULT__DATABASE__URL, or a keyring.json in VAULT__DATA_DIR';
    const issue = { pointer: 'VAULT__ENCRYPTION__MASTER_KEY', detail };
    throw new SettingsInvalid([issue]).with({ issues: [issue] });
  }
  openDataDir(settings.data_dir);
  const { keyring, created } = await loadOrCreateKeyring(path);
  if (created) {
    const fields = { event_type: 'keyring', key_id: keyring.currentId, file: path };
    log.warn(fields, 'made a root key: copy this file to a safe place, without it every record is lost');
  }
  return keyring;
}
