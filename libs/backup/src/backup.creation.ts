import { BackupKey, type KeyManagement, type Signer, type SigningKeys } from '#crypto';
import { type OpenedDatabase, TableSnapshot } from '#database';
import type { BlobStore } from '#storage';
import { FORMAT, keyEntryOf, type Manifest, manifestKey, sealKeyOf, sealOf } from './backup.manifest.ts';
import type { BackupPlace } from './backup.place.ts';
import { eachOf, hashOf, isThere, read, sizesIn } from './object.copies.ts';
import { type ListedObject, objectLines } from './object.list.ts';
import { OpenedBackup } from './opened.backup.ts';
import { PartWriter } from './part.writer.ts';

/**
 * Of this place and time alone: the schema is in the manifest, whoever restores decides about maintenance, an upload that
 * was under way is begun anew (its parts are no objects that anything published names), and what is left over lies here.
 */
const LEFT_OUT = new Set([
  'schema_migrations',
  'maintenance_switches',
  'backup_runs',
  'uploads',
  'upload_parts',
  'leftover_objects',
]);

export interface BackupReport {
  name: string;
  rows: number;
  objects: number;
  /** How many of them were not at the place before. */
  copied: number;
  bytes: number;
  /** Objects of published commits that the store does not have: the vault is damaged, and so is its backup. */
  missing: string[];
}

export interface CreationParts {
  dataSource: OpenedDatabase['dataSource'];
  blobs: BlobStore;
  kms: KeyManagement;
  signing: SigningKeys;
  version: string;
}

interface NamedSegment {
  id: string;
  bytes: number;
  needed: boolean;
}

/**
 * Makes a backup: first the tables as they were at one moment, then the objects these rows name, and last the manifest.
 * An object is never changed, and one of a published commit never cleared, so what the rows name is still there after.
 */
export class BackupCreation {
  constructor(private readonly parts: CreationParts) {}

  async create(
    place: BackupPlace,
    { withBlobs, now = new Date() }: { withBlobs: boolean; now?: Date },
  ): Promise<BackupReport> {
    const { kms, signing, version } = this.parts;
    // Before the snapshot: there may be one connection only, and this takes one.
    const signer = await signing.current();
    const name = `vault-${now
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, '')
      .toLowerCase()}`;
    const { key, wrapped } = await BackupKey.make(kms, name);
    const writer = new PartWriter(place.parts, name, key);
    const { tables, migrations, segments } = await this.writeTables(writer);
    const copied = await this.copyObjects(place, segments, withBlobs);
    await writer.turnTo('objects');
    for (const bytes of objectLines(copied.listed)) await writer.add({ table: 0, bytes });
    await writer.flush();
    const objects = {
      copied: withBlobs,
      count: copied.listed.length,
      bytes: copied.listed.reduce((sum, { bytes }) => sum + bytes, 0),
      missing: copied.missing,
    };
    const manifest: Manifest = {
      format: FORMAT,
      name,
      created_at: now.toISOString(),
      vault_version: version,
      migrations,
      key: keyEntryOf(wrapped),
      tables,
      parts: writer.parts,
      objects,
    };
    await finish(place.parts, manifest, signer, key);
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    const bytes = objects.bytes + writer.parts.reduce((sum, part) => sum + part.bytes, 0);
    return { name, rows, objects: objects.count, copied: copied.fresh, bytes, missing: copied.missing };
  }

  private async writeTables(writer: PartWriter): Promise<{
    tables: Manifest['tables'];
    migrations: string[];
    segments: NamedSegment[];
  }> {
    const snapshot = await TableSnapshot.open(this.parts.dataSource);
    try {
      const applied = await snapshot.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
      const segments = await snapshot.queryAll<NamedSegment>(
        'segments',
        `SELECT s.id, s.sealed_bytes AS bytes, c.state IN ('published', 'held') AS needed
           FROM segments s JOIN commits c ON c.id = s.commit_id ORDER BY s.id`,
      );
      const tables: Manifest['tables'] = [];
      for (const { name, columns } of snapshot.tables) {
        if (LEFT_OUT.has(name)) continue;
        const table = { name, columns, rows: 0 };
        for await (const { bytes, rows } of snapshot.chunks(table)) {
          await writer.add({ table: tables.length, bytes });
          table.rows += rows;
        }
        tables.push(table);
      }
      await writer.flush();
      return { tables, migrations: applied.map(({ name }) => name), segments };
    } finally {
      await snapshot.close();
    }
  }

  private async copyObjects(
    place: BackupPlace,
    segments: readonly NamedSegment[],
    withBlobs: boolean,
  ): Promise<{ listed: ListedObject[]; fresh: number; missing: string[] }> {
    const there = withBlobs ? await sizesIn(place.objects) : new Map<string, number>();
    const known = withBlobs ? await this.hashesOfBefore(place) : new Map<string, string>();
    const listed: ListedObject[] = [];
    const missing: string[] = [];
    let fresh = 0;
    await eachOf(segments, async ({ id, bytes, needed }) => {
      const before = there.get(id) === bytes ? known.get(id) : undefined;
      if (before !== undefined && (await isThere(place.objects, { id, bytes })))
        return void listed.push({ id, bytes, sha256: before });
      const content = await read(this.parts.blobs, id);
      // What was staged may be cleared meanwhile, and its rows are cleared again after a restore.
      if (!content) return void (needed && missing.push(id));
      if (withBlobs) await place.objects.put(id, content);
      fresh += withBlobs ? 1 : 0;
      listed.push({ id, bytes: content.length, sha256: hashOf(content) });
    });
    return { listed: listed.sort((one, other) => (one.id < other.id ? -1 : 1)), fresh, missing };
  }

  /** Hashes of what the last backup at this place has copied: those objects need not be read again. */
  private async hashesOfBefore(place: BackupPlace): Promise<Map<string, string>> {
    try {
      const last = await OpenedBackup.open(place, this.parts.kms);
      return new Map((await last.objects()).map(({ id, sha256 }) => [id, sha256]));
    } catch {
      // None yet, or one that is not ours: everything is read.
      return new Map();
    }
  }
}

async function finish(store: BlobStore, manifest: Manifest, signer: Signer, key: BackupKey): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  await store.put(sealKeyOf(manifest.name), Buffer.from(`${JSON.stringify(sealOf(bytes, signer, key))}\n`));
  await store.put(manifestKey(manifest.name), bytes);
  key.forget();
}
