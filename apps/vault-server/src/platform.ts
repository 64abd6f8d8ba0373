import { join } from 'node:path';
import { AuditEvent } from '#audit';
import { authEntities, checkRootKey, TenantKeyRepository } from '#auth';
import { SettingsInvalid } from '#config';
import {
  type KeyManagement,
  type Keyring,
  keyringFromMasterKey,
  KeyService,
  loadKeyring,
  loadOrCreateKeyring,
  LocalKeyManagement,
} from '#crypto';
import { type Database, openDatabase, type OpenedDatabase } from '#database';
import { datasetEntities } from '#datasets';
import { type Clock, type Log, SystemClock } from '#kernel';
import { Job, migrateQueue, OutboxEvent } from '#queue';
import { type BlobStore, createBlobStore } from '#storage';
import { keptSecret, openDataDir } from './data-dir.ts';
import type { Settings } from './settings.ts';

/** Every row of the product, for the database and for the test that holds it equal to the migrations. */
export const entities = [...authEntities, ...datasetEntities, AuditEvent, OutboxEvent, Job];

/** What the rooms stand on, opened and checked, before any of them is made. */
export interface Platform {
  database: Database;
  opened: OpenedDatabase;
  blobs: BlobStore;
  kms: KeyManagement;
  keys: KeyService;
  jwtSecret: string;
  clock: Clock;
  close(): Promise<void>;
}

/** The database alone, as its owner: all that migrations need. */
export function openOwner(settings: Settings, log: Log): Promise<OpenedDatabase> {
  if (!settings.database.url) openDataDir(settings.data_dir);
  return openDatabase(settings.database, settings.data_dir, entities, log);
}

/** Brings our tables and the queue's up to date, and gives the names of the migrations that were missing. */
export async function migrateUp(opened: OpenedDatabase): Promise<string[]> {
  const done = await opened.migrator.up();
  await migrateQueue((sql, values) => opened.statement(sql, values));
  return done;
}

/**
 * Opens everything in the order in which it can say no: settings and keys first, which touch nothing, then the
 * database, whose known answer refuses a wrong root key, then the store.
 *
 * @throws SettingsInvalid, WrongRootKey, SchemaBehind, DatabaseUnavailable, StorageUnavailable …
 */
export async function openPlatform(settings: Settings, log: Log): Promise<Platform> {
  const clock = new SystemClock();
  const kms = new LocalKeyManagement(await rootKeys(settings, log));
  const opened = await openOwner(settings, log);
  try {
    if (opened.embedded) await migrateUp(opened);
    const database = await opened.ready();
    await checkRootKey(database, kms);
    const { cache_size: size, cache_ttl_seconds: ttlSeconds } = settings.encryption;
    const keys = new KeyService(kms, new TenantKeyRepository(database), { size, ttlSeconds }, clock);
    const blobs = await createBlobStore(settings.storage, settings.data_dir);
    const jwtSecret = settings.jwt_secret ?? (await keptSecret(settings.data_dir));
    const close = async (): Promise<void> => {
      keys.close();
      await opened.close();
    };
    return { database, opened, blobs, kms, keys, jwtSecret, clock, close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function rootKeys(settings: Settings, log: Log): Promise<Keyring> {
  const { master_key: masterKey } = settings.encryption;
  if (masterKey) return keyringFromMasterKey(masterKey);
  const path = join(settings.data_dir, 'keyring.json');
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
