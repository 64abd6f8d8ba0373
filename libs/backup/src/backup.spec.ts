import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Audit } from '#audit';
import {
  type KeyManagement,
  keyringFromMasterKey,
  KeyService,
  LocalKeyManagement,
  randomToken,
  SigningKeys,
} from '#crypto';
import { databaseConfig, openDatabase } from '#database';
import { SilentLog, SystemClock } from '#kernel';
import { type BlobStore, MemoryBlobStore, storageConfig, type StoredBlob } from '#storage';
import { keptSigningKeys, keptTenantKeys, keyEntities } from '../../../test/support/kept-keys.ts';
import { newTenant, storeDataset, type StoredDataset } from '../../../test/support/stored-dataset.ts';
import { emptyPlace, kinds, openTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { BackupCreation, type BackupReport } from './backup.creation.ts';
import { openBackupPlace, type BackupPlace } from './backup.place.ts';
import { BackupRestoration } from './backup.restoration.ts';
import { BackupRun } from './backup-run.entity.ts';
import { BackupRuns } from './backup.runs.ts';
import { verifyBackup } from './backup.verification.ts';
import { copy, sizesIn } from './object.copies.ts';
import { listBackups, OpenedBackup } from './opened.backup.ts';

type OpenedDatabase = Awaited<ReturnType<typeof openDatabase>>;

const entities = [...keyEntities, BackupRun];
const log = new SilentLog();
const [ROOT, OTHER] = [randomToken(32), randomToken(32)];
const kmsOf = (...keys: string[]): KeyManagement => new LocalKeyManagement(keyringFromMasterKey(keys.join(',')));
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 31, 2, 0, second));

async function openEmpty(
  program: Parameters<typeof emptyPlace>[0],
): Promise<{ target: OpenedDatabase; close: () => Promise<void> }> {
  const empty = await emptyPlace(program);
  const target = await openDatabase(databaseConfig.parse(empty.config), empty.dataDir, entities, log);
  const close = async (): Promise<void> => {
    await target.close();
    await empty.remove();
  };
  return { target, close };
}

describe('the place of backups', () => {
  const storage = storageConfig.parse({});
  it.each(['', 'https://example.org/x', 's3://', 's3://UPPER/x'])('is not %j', async (place) => {
    await expect(openBackupPlace(place, storage)).rejects.toMatchObject({ code: 'backup-place-unknown' });
  });
});

describe.each(kinds)('a backup on %s', (program) => {
  let source: TestDatabase;
  let blobs: BlobStore;
  let tenants: string[];
  let stored: StoredDataset[];
  let folder: string;
  let place: BackupPlace;
  let creation: BackupCreation;
  const kms = kmsOf(ROOT);

  beforeAll(async () => {
    source = await openTestDatabase(program, entities, log);
    const { database } = source;
    const keys = new KeyService(kms, keptTenantKeys(database), { size: 9, ttlSeconds: 60 }, new SystemClock());
    blobs = new MemoryBlobStore();
    tenants = [await newTenant(database, 'default'), await newTenant(database)];
    const many = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ n, text: 'é'.repeat(50) }));
    stored = [
      await storeDataset({ database, blobs, keys }, tenants[0]!, many),
      await storeDataset({ database, blobs, keys }, tenants[1]!, ['{"of":"another tenant"}']),
    ];
    const audit = new Audit(database);
    for (const tenantId of tenants) {
      const entry = { action: 'test', resource: 'a row with “quotes”, \\ and \n newlines', details: { n: 1.5 } };
      await database.inTenant(tenantId, () => audit.append({ id: null, tenantId }, entry));
    }
    await database.inTenant(tenants[0]!, () =>
      database.query(
        `INSERT INTO jobs (id, tenant_id, kind, state, parameters, created_by)
           VALUES ($1, $2, 'anonymize', 'running', '{}', $1)`,
        [stored[0]!.datasetId, tenants[0]],
      ),
    );
    const signing = new SigningKeys(kms, keptSigningKeys(database));
    creation = new BackupCreation({ dataSource: source.opened.dataSource, blobs, kms, signing, version: '0.1.0' });
  });
  afterAll(() => source.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vault-backups-'));
    place = await openBackupPlace(folder, storageConfig.parse({}));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const create = (second = 0, withBlobs = true): Promise<BackupReport> =>
    creation.create(place, { withBlobs, now: at(second) });
  const open = (name?: string, by = kms): Promise<OpenedBackup> => OpenedBackup.open(place, by, name);

  /** Also where row-level security is forced on the owner: in one message, and so in one transaction, which is undone. */
  const rowsOf = ({ statement }: Pick<OpenedDatabase, 'statement'>, table: string, sql: string): Promise<unknown[]> =>
    statement(`BEGIN; ALTER TABLE "${table}" NO FORCE ROW LEVEL SECURITY; ${sql}; ROLLBACK`);

  /** Every row of every table as text, for comparing; what a restore leaves out or changes is left out here. */
  async function contents(statement: (sql: string) => Promise<unknown[]>): Promise<Record<string, unknown[]>> {
    const tables = (await statement(
      `SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind = 'r'
          AND relname NOT IN ('schema_migrations', 'backup_runs', 'jobs') ORDER BY 1`,
    )) as { name: string }[];
    const all: Record<string, unknown[]> = {};
    for (const { name } of tables)
      all[name] = await rowsOf({ statement }, name, `SELECT t::text FROM "${name}" t ORDER BY 1`);
    return all;
  }

  /** A database that nobody has used, and that goes with the test. */
  async function intoEmpty<T>(work: (target: OpenedDatabase) => Promise<T>): Promise<T> {
    const { target, close } = await openEmpty(program);
    try {
      return await work(target);
    } finally {
      await close();
    }
  }

  it.each(['a folder', 'one file'])(
    'has all rows and every object in %s, and is restored to the last byte',
    async (kind) => {
      if (kind === 'one file') place = await openBackupPlace(join(folder, 'all.tar'), storageConfig.parse({}));
      const report = await create();
      expect(report).toMatchObject({ name: 'vault-20260131t020000z', objects: 2, copied: 2, missing: [] });
      expect(await verifyBackup(await open(), { deep: true })).toMatchObject({ rows: report.rows, objects: 2 });
      expect(await listBackups(place)).toMatchObject([{ name: report.name, rows: report.rows, objects: 2 }]);

      await intoEmpty(async (target) => {
        const store = new MemoryBlobStore();
        const parts = { dataSource: target.dataSource, migrator: target.migrator, blobs: store };
        const restored = await new BackupRestoration(parts).restore(await open(), { allowMissing: false });
        expect(restored).toMatchObject({ rows: report.rows, objects: 2, missing: [] });
        await target.migrator.up();
        const restoredRows = await contents(target.statement);
        expect(restoredRows).toEqual(await contents(source.opened.statement));
        expect(restoredRows['record_versions']).toHaveLength(3001);
        expect(await rowsOf(target, 'jobs', 'SELECT state, failure FROM jobs')).toEqual([
          { state: 'failed', failure: 'PROCESS_LOST' },
        ]);
        for (const { segmentId } of stored)
          expect(Buffer.from(await blobs.get(segmentId)).equals(await store.get(segmentId))).toBe(true);

        // A second time there is something already: T13.
        const before = await contents(target.statement);
        const again = new BackupRestoration(parts).restore(await open(), { allowMissing: false });
        await expect(again).rejects.toMatchObject({ code: 'database-not-empty' });
        expect(await contents(target.statement)).toEqual(before);
      });
    },
  );

  it('copies an object once, however many backups name it', async () => {
    expect((await create(0)).copied).toBe(2);
    expect((await create(1)).copied).toBe(0);
    expect((await listBackups(place)).map(({ name }) => name)).toEqual([
      'vault-20260131t020000z',
      'vault-20260131t020001z',
    ]);
    expect(await verifyBackup(await open(), { deep: true })).toMatchObject({
      name: 'vault-20260131t020001z',
      objects: 2,
    });
  });

  it('believes no list of what is there (F41): not what it still names, and not what it does not name yet', async () => {
    await create(1);
    const [{ segmentId: gone }, { segmentId: kept }] = stored as [StoredDataset, StoredDataset];
    const listed: StoredBlob[] = [];
    for await (const blob of place.objects.list('')) if (blob.key === gone) listed.push(blob);
    const late = async function* (): AsyncGenerator<StoredBlob> {
      yield* listed;
    };
    place.objects.list = late;
    await place.objects.delete(gone);
    await expect(verifyBackup(await open(), { deep: false })).rejects.toThrow(`object ${gone} is missing`);
    expect(await create(2)).toMatchObject({ copied: 2, objects: 2 });
    expect(await verifyBackup(await open(), { deep: true })).toMatchObject({ objects: 2 });
    // And into a store that has something else under a name which its list does not know.
    const torn = new MemoryBlobStore();
    await torn.put(kept, Buffer.from('torn'));
    torn.list = late;
    for (const object of await (await open()).objects()) {
      expect(await copy(object, place.objects, torn, await sizesIn(torn))).toBe(true);
      expect(Buffer.compare(await torn.get(object.id), await blobs.get(object.id))).toBe(0);
    }
  });

  it('lists objects by their hashes when they are not to be copied', async () => {
    expect(await create(0, false)).toMatchObject({ objects: 2, copied: 0 });
    const listed = await (await open()).objects();
    expect(listed.map(({ id }) => id)).toEqual(stored.map(({ segmentId }) => segmentId).sort());
    await intoEmpty(async ({ dataSource, migrator }) => {
      const restore = (store: BlobStore) =>
        new BackupRestoration({ dataSource, migrator, blobs: store }).restore(open0, { allowMissing: false });
      const open0 = await open();
      await expect(restore(new MemoryBlobStore())).rejects.toMatchObject({ code: 'backup-objects-missing' });
      expect(await restore(blobs)).toMatchObject({ missing: [] });
    });
  });

  it('is consistent while others write', async () => {
    const { database } = source;
    let writing = true;
    const audit = new Audit(database);
    const writer = (async () => {
      for (let n = 0; writing; n += 1) {
        const tenantId = tenants[0]!;
        // Always two rows, or none: half of it would be seen by an odd number.
        await database.inTenant(tenantId, async () => {
          await audit.append({ id: null, tenantId }, { action: 'pair', resource: `${n} a` });
          await audit.append({ id: null, tenantId }, { action: 'pair', resource: `${n} b` });
        });
      }
    })();
    const { name } = await create(2);
    writing = false;
    await writer;
    await intoEmpty(async (target) => {
      const parts = { dataSource: target.dataSource, migrator: target.migrator, blobs: new MemoryBlobStore() };
      await new BackupRestoration(parts).restore(await open(name), { allowMissing: false });
      const [row] = (await rowsOf(
        target,
        'audit_events',
        `SELECT count(*)::int AS n FROM audit_events WHERE action = 'pair'`,
      )) as {
        n: number;
      }[];
      expect(row!.n % 2).toBe(0);
    });
  });

  describe('that was changed afterwards', () => {
    // Nothing is ever restored into this one.
    let never: Awaited<ReturnType<typeof openEmpty>>;
    beforeAll(async () => {
      never = await openEmpty(program);
    });
    afterAll(() => never.close());
    const change = async (store: BlobStore, key: string, how: (bytes: Buffer) => Buffer | null): Promise<void> => {
      const bytes = how(Buffer.from(await store.get(key)));
      await store.delete(key);
      if (bytes) await store.put(key, bytes);
    };
    const flipped = (bytes: Buffer): Buffer => {
      bytes[bytes.length >> 1]! ^= 1;
      return bytes;
    };
    const cut = (bytes: Buffer): Buffer => bytes.subarray(0, -1);
    const refused = async (says: RegExp): Promise<void> => {
      const look = (async () => verifyBackup(await open(), { deep: true }))();
      await expect(look).rejects.toThrow(says);
      const { dataSource, migrator, statement } = never.target;
      const parts = { dataSource, migrator, blobs: new MemoryBlobStore() };
      const restore = (async () => new BackupRestoration(parts).restore(await open(), { allowMissing: false }))();
      await expect(restore).rejects.toMatchObject({ code: expect.stringMatching(/^backup-/) as string });
      expect(await statement(`SELECT 1 FROM pg_tables WHERE schemaname = current_schema()`)).toEqual([]);
    };

    it.each([
      ['a flipped bit of a part', '.000001', flipped, /vault-20260131t020000z\.000001 has other bytes/],
      ['a part that was cut', '.000001', cut, /\.000001 has other bytes/],
      ['a part that is gone', '.000002', () => null, /\.000002 is missing/],
      [
        'a flipped bit of the manifest',
        '.manifest.json',
        (b: Buffer) => Buffer.from(b.toString().replace('"rows": 2', '"rows": 3')),
        /not the one that was signed/,
      ],
      [
        'another signature',
        '.sig',
        (b: Buffer) =>
          Buffer.from(b.toString().replace(/"mac":"(.)/, (_, first) => `"mac":"${first === '0' ? '1' : '0'}`)),
        /signed|cannot be read/,
      ],
      ['no signature', '.sig', () => null, /signature is missing/],
    ] as const)('is refused for %s, and the vault stays empty', async (_, suffix, how, says) => {
      const { name } = await create();
      await change(place.parts, `${name}${suffix}`, how);
      await refused(says);
    });

    it('is refused for an object with other bytes, by name', async () => {
      await create();
      await change(place.objects, stored[0]!.segmentId, flipped);
      await refused(new RegExp(`object ${stored[0]!.segmentId} has other bytes`));
    });

    it('is refused with another root key, which is named', async () => {
      await create();
      await expect(open(undefined, kmsOf(OTHER))).rejects.toMatchObject({ code: 'backup-key-missing' });
      await expect(open(undefined, kmsOf(OTHER))).rejects.toThrow(kms.currentKeyId());
      expect((await open(undefined, kmsOf(OTHER, ROOT))).manifest.name).toBe('vault-20260131t020000z');
    });

    it('is not found where there is none, or none of that name', async () => {
      await expect(open()).rejects.toMatchObject({ code: 'backup-not-found' });
      await expect(open('vault-20200101t000000z')).rejects.toThrow('vault-20200101t000000z');
    });
  });

  it('of a newer version is refused, by the migrations that are not known', async () => {
    await source.opened.statement(`INSERT INTO schema_migrations (timestamp, name) VALUES (1999, 'FromTheFuture1999')`);
    await create();
    await source.opened.statement(`DELETE FROM schema_migrations WHERE name = 'FromTheFuture1999'`);
    await intoEmpty(async ({ dataSource, migrator }) => {
      const restoring = new BackupRestoration({ dataSource, migrator, blobs }).restore(await open(), {
        allowMissing: false,
      });
      await expect(restoring).rejects.toThrow('FromTheFuture1999');
    });
  });

  it('names objects that the vault itself has lost', async () => {
    const { segmentId } = stored[1]!;
    const bytes = await blobs.get(segmentId);
    await blobs.delete(segmentId);
    expect(await create()).toMatchObject({ missing: [segmentId], objects: 1 });
    await blobs.put(segmentId, bytes);
  });

  it('counts as made when it was, and is in the audit', async () => {
    const runs = new BackupRuns(source.database, new Audit(source.database));
    expect(await runs.lastSuccess()).toBeNull();
    await runs.finished(tenants[0]!, { name: 'vault-20260131t020000z', place: '/backups', bytes: 12 });
    expect(Date.now() - (await runs.lastSuccess())!.getTime()).toBeLessThan(60_000);
    const told = await source.database.inTenant(tenants[0]!, () =>
      source.database.query(`SELECT details FROM audit_events WHERE action = 'backup.create'`),
    );
    expect(told).toEqual([{ details: { place: '/backups', bytes: 12 } }]);
  });
});
