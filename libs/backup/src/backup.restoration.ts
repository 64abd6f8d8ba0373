import { fillTables, type Migrator, type OpenedDatabase, refuseUnlessEmpty } from '#database';
import type { BlobStore } from '#storage';
import { BackupObjectsMissing, BackupTooNew, SchemaNotOfBackup } from './backup.errors.ts';
import { verifyBackup } from './backup.verification.ts';
import { copy, eachOf, sizesIn } from './object.copies.ts';
import type { ListedObject } from './object.list.ts';
import type { OpenedBackup } from './opened.backup.ts';

export interface Restored {
  name: string;
  created_at: string;
  rows: number;
  objects: number;
  missing: string[];
}

export interface RestorationParts {
  dataSource: OpenedDatabase['dataSource'];
  migrator: Migrator;
  blobs: BlobStore;
}

/** What the rows say about a place they are no longer in. */
const AFTER = [
  // Messages of the queue are not kept, so nobody would ever begin these.
  `UPDATE jobs SET state = 'failed', failure = 'PROCESS_LOST', finished_at = now() WHERE state IN ('queued', 'running')`,
  // Transactions are counted anew here. By the old count, events to come would look as if they had been sealed long ago.
  `ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only`,
  `UPDATE audit_entries SET horizon = 0
    WHERE (tenant_id, seq) IN (SELECT tenant_id, max(seq) FROM audit_entries GROUP BY tenant_id)`,
  `ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only`,
];

/** Puts a backup into an empty vault. Where anything is wrong, it says so before it has changed anything. */
export class BackupRestoration {
  constructor(private readonly parts: RestorationParts) {}

  /**
   * Objects first, and then all rows in one transaction, on the schema they had. Migrations that came later are left to
   * be applied by the caller.
   *
   * @throws DatabaseNotEmpty, BackupTooNew, BackupAltered, BackupObjectsMissing
   */
  async restore(backup: OpenedBackup, { allowMissing }: { allowMissing: boolean }): Promise<Restored> {
    const { dataSource, migrator } = this.parts;
    const { name, created_at, migrations, tables } = backup.manifest;
    await refuseUnlessEmpty(dataSource);
    const unknown = await this.unknownOf(migrations);
    if (unknown.length > 0) throw new BackupTooNew(unknown.join(', '));
    const { rows } = await verifyBackup(backup, { deep: false });
    const listed = await backup.objects();
    const missing = [...backup.manifest.objects.missing, ...(await this.restoreObjects(backup, listed))];
    if (missing.length > 0 && !allowMissing) throw new BackupObjectsMissing(missing.length, missing[0]!);
    await migrator.upTo(migrations);
    await fillTables(dataSource, tables, backup.frames(), AFTER);
    return { name, created_at, rows, objects: listed.length, missing };
  }

  private async unknownOf(migrations: readonly string[]): Promise<string[]> {
    const { applied, pending } = await this.parts.migrator.status();
    const tooMany = applied.filter((name) => !migrations.includes(name));
    // Empty tables of a newer schema: rows of the older one would miss what its migrations make of them.
    if (tooMany.length > 0) throw new SchemaNotOfBackup(tooMany[0]!);
    return migrations.filter((name) => ![...applied, ...pending].includes(name));
  }

  /** @returns those that are nowhere to be had */
  private async restoreObjects({ place }: OpenedBackup, listed: readonly ListedObject[]): Promise<string[]> {
    const { blobs } = this.parts;
    const there = await sizesIn(blobs);
    const missing: string[] = [];
    await eachOf(listed, async (object) => {
      if (!(await copy(object, place.objects, blobs, there))) missing.push(object.id);
    });
    return missing;
  }
}
