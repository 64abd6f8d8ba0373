import { Audit } from '#audit';
import { UserRepository } from '#auth';
import {
  BackupCreation,
  type BackupPlace,
  BackupRestoration,
  BackupRuns,
  listBackups,
  OpenedBackup,
  openBackupPlace,
  verifyBackup,
} from '#backup';
import { SilentLog } from '#kernel';
import { createBlobStore } from '#storage';
import { migrateUp, openKeyManagement, openOwner, openPlatform } from '../platform.ts';
import { readSettings } from '../settings.ts';
import { version } from '../version.ts';

const log = new SilentLog();

export interface CreateOptions {
  to: string;
  /** false: objects are listed with their hashes, and not copied. */
  blobs: boolean;
  /** false: it is not read back. */
  verify: boolean;
  json: boolean;
}

/** Makes a backup, reads it back, and only then counts it as one. */
export async function backupCreate({ to, blobs: withBlobs, verify, json }: CreateOptions): Promise<number> {
  const { settings } = readSettings();
  const platform = await openPlatform(settings, log);
  try {
    const { opened, database, blobs, kms, signing } = platform;
    const place = await openBackupPlace(to, settings.storage);
    const creation = new BackupCreation({ dataSource: opened.dataSource, blobs, kms, signing, version });
    const report = await creation.create(place, { withBlobs });
    if (verify) await verifyBackup(await OpenedBackup.open(place, kms, report.name), { deep: false });
    const whole = report.missing.length === 0;
    const [first] = await new UserRepository(database).tenants();
    const run = { name: report.name, place: to, bytes: report.bytes };
    if (whole && first) await new BackupRuns(database, new Audit(database)).finished(first.id, run);
    const words = `${report.name}: ${report.rows} rows, ${report.objects} objects (${report.copied} copied), ${report.bytes} bytes`;
    const lost = report.missing.map((id) => `  object-missing ${id}: the vault does not have it`);
    console.log(json ? JSON.stringify({ ok: whole, ...report }) : [words, ...lost].join('\n'));
    return whole ? 0 : 1;
  } finally {
    await platform.close();
  }
}

export interface PlaceOptions {
  from: string;
  json: boolean;
}

/** Shows what there is at a place. Needs no database and no root key. */
export async function backupList({ from, json }: PlaceOptions): Promise<number> {
  const items = await listBackups(await placeOf(from));
  const lines = items.map(
    ({ name, rows, objects, bytes, vault_version: by }) =>
      `${name}  ${rows} rows  ${objects} objects  ${bytes} bytes  by ${by}`,
  );
  console.log(json ? JSON.stringify({ items }) : lines.join('\n') || 'there is no backup at this place');
  return 0;
}

export interface VerifyOptions extends PlaceOptions {
  name?: string;
  deep: boolean;
}

/** Reads a backup back. Needs the root key, and no database. */
export async function backupVerify({ from, name, deep, json }: VerifyOptions): Promise<number> {
  const kms = await openKeyManagement(readSettings().settings, log);
  const backup = await OpenedBackup.open(await placeOf(from), kms, name);
  const verdict = await verifyBackup(backup, { deep });
  const words = `${verdict.name} is whole: ${verdict.rows} rows, ${verdict.objects} objects${deep ? ', all of them read' : ''}`;
  console.log(json ? JSON.stringify({ ok: true, ...verdict }) : words);
  return 0;
}

export interface RestoreBackupOptions extends PlaceOptions {
  name?: string;
  intoEmpty: boolean;
  allowMissing: boolean;
}

/** Puts a backup into an empty vault that has the same root key, and brings its schema up to date. */
export async function backupRestore(options: RestoreBackupOptions): Promise<number> {
  const { from, name, intoEmpty, allowMissing, json } = options;
  if (!intoEmpty) {
    console.error('A backup is restored into an empty vault only: say so with --into-empty.');
    return 1;
  }
  const { settings } = readSettings();
  const kms = await openKeyManagement(settings, log);
  const backup = await OpenedBackup.open(await placeOf(from), kms, name);
  const opened = await openOwner(settings, log);
  try {
    const blobs = await createBlobStore(settings.storage, settings.data_dir);
    const restoration = new BackupRestoration({ dataSource: opened.dataSource, migrator: opened.migrator, blobs });
    const restored = await restoration.restore(backup, { allowMissing });
    const migrated = await migrateUp(opened);
    const database = await opened.ready();
    const [first] = await new UserRepository(database).tenants();
    const run = { name: restored.name, place: from, rows: restored.rows };
    if (first) await new BackupRuns(database, new Audit(database)).restored(first.id, run);
    const words = [
      `restored ${restored.name} of ${restored.created_at}: ${restored.rows} rows, ${restored.objects} objects`,
      ...migrated.map((each) => `applied ${each}`),
      ...restored.missing.map((id) => `  object-missing ${id}: its records cannot be read`),
      'now run: vault-server verify --deep',
    ];
    console.log(json ? JSON.stringify({ ...restored, migrated }) : words.join('\n'));
    return restored.missing.length === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}

function placeOf(from: string): Promise<BackupPlace> {
  return openBackupPlace(from, readSettings().settings.storage);
}
