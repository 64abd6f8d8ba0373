import {
  keyringFromMasterKey,
  KeyService,
  LocalKeyManagement,
  MemoryTenantKeyStore,
  MerkleTree,
  randomToken,
} from '#crypto';
import { newId, SilentLog, showId, SystemClock, uuidToBytes } from '#kernel';
import { MemoryBlobStore, type StoredBlob } from '#storage';
import { newTenant, storeDataset, type StoredDataset } from '../../../test/support/stored-dataset.ts';
import { openTestDatabase, programs, type TestDatabase } from '../../../test/support/test-database.ts';
import { SegmentFinder } from './segment.finder.ts';
import { VaultVerification } from './vault.verification.ts';
import type { VerificationReport } from './verification.report.ts';

const HOUR = 3_600_000;

/** Objects that may be older than this test, and a list of them that may be late. */
class AgedBlobStore extends MemoryBlobStore {
  readonly ages = new Map<string, number>();
  /** What the list names wrongly: nothing of one size, or one of another. */
  readonly late = new Map<string, number | null>();
  override async *list(prefix: string, after?: string): AsyncGenerator<StoredBlob> {
    for await (const blob of super.list(prefix, after)) {
      const size = this.late.get(blob.key);
      if (size === null) continue;
      yield { ...blob, size: size ?? blob.size, modified: new Date(Date.now() - (this.ages.get(blob.key) ?? 0)) };
    }
  }
}

describe.each(programs)('the verification of a vault on %s', (program) => {
  let place: TestDatabase;
  let blobs: AgedBlobStore;
  let keys: KeyService;
  let tenants: string[];
  let one: StoredDataset;
  let audit: (tenantId: string) => Promise<{ ok: boolean; entries: number; problem: string | null }>;

  const verify = (deep = false): Promise<VerificationReport> =>
    new VaultVerification({
      database: place.database,
      blobs,
      keys,
      tenants: async () => tenants.map((id) => ({ id })),
      audit: (tenantId) => audit(tenantId),
      removalLeaf: (recordId) => Buffer.from(uuidToBytes(recordId).toString('hex')),
      commitFlaw: ({ message, parentHashes }) => (message === 'another' ? `${parentHashes.length} parents` : null),
    }).run({ deep });
  const kinds = async (deep = false): Promise<string[]> => (await verify(deep)).damage.map(({ kind }) => kind);
  const change = (sql: string, parameters: unknown[] = []): Promise<unknown> =>
    place.database.inTenant(one.tenantId, () => place.database.query(sql, parameters));

  beforeAll(async () => {
    place = await openTestDatabase(program, [], new SilentLog());
  });
  afterAll(() => place.close());
  beforeEach(async () => {
    const kms = new LocalKeyManagement(keyringFromMasterKey(randomToken(32)));
    keys = new KeyService(kms, new MemoryTenantKeyStore(), { size: 100, ttlSeconds: 60 }, new SystemClock());
    blobs = new AgedBlobStore();
    tenants = [await newTenant(place.database), await newTenant(place.database)];
    audit = async () => ({ ok: true, entries: 3, problem: null });
    const stores = { database: place.database, blobs, keys };
    const lines = Array.from({ length: 2500 }, (_, n) => JSON.stringify({ n, text: 'x'.repeat(80) }));
    one = await storeDataset(stores, tenants[0]!, lines);
    await storeDataset(stores, tenants[1]!, ['{"of":"another tenant"}']);
  });

  it('finds nothing wrong with one that is whole, over all tenants', async () => {
    const whole = {
      ok: true,
      tenants: 2,
      segments: 2,
      objects: 2,
      records: 2501,
      commits: 2,
      audit_entries: 6,
      damage: [],
    };
    expect(await verify()).toMatchObject({ ...whole, deep: false, orphans: [] });
    expect(await verify(true)).toMatchObject({ ...whole, deep: true });
  });

  it('names an object that is missing, and one that was cut', async () => {
    const bytes = await blobs.get(one.segmentId);
    await blobs.delete(one.segmentId);
    expect((await verify(true)).damage).toMatchObject([
      { kind: 'object-missing', id: one.segmentId, tenant: tenants[0] },
    ]);
    await blobs.put(one.segmentId, bytes.subarray(0, -1));
    expect(await kinds()).toEqual(['object-of-wrong-size']);
  });

  it('believes no list that does not name an object, or another size of it (F41)', async () => {
    for (const named of [null, 17]) {
      blobs.late.set(one.segmentId, named);
      expect(await verify()).toMatchObject({ ok: true, damage: [], segments: 2 });
    }
    await blobs.delete(one.segmentId);
    expect(await kinds()).toEqual(['object-missing']);
  });

  it('sees a flipped bit of an object only by opening it', async () => {
    const bytes = await blobs.get(one.segmentId);
    await blobs.delete(one.segmentId);
    bytes[bytes.length - 40]! ^= 1;
    await blobs.put(one.segmentId, bytes);
    expect(await kinds()).toEqual([]);
    expect((await verify(true)).damage).toMatchObject([{ kind: 'segment-does-not-open', id: one.segmentId }]);
  });

  it('names a commit whose leaves were changed, and the record', async () => {
    const id = one.recordIds[2000]!;
    await change('UPDATE record_versions SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1) WHERE record_id = $1', [
      id,
    ]);
    expect((await verify()).damage).toMatchObject([{ kind: 'root-does-not-match', id: showId('cm', one.commitId) }]);
    expect((await verify(true)).damage).toMatchObject([
      { kind: 'record-does-not-match', id: showId('rec', id) },
      { kind: 'root-does-not-match' },
    ]);
  });

  it('names a commit of which something else is said than what was published', async () => {
    await change("UPDATE commits SET message = 'another' WHERE id = $1", [one.commitId]);
    expect((await verify()).damage).toMatchObject([
      { kind: 'commit-does-not-match', id: showId('cm', one.commitId), detail: expect.stringMatching(/^\d parents$/) },
    ]);
  });

  it('names a record that was taken away, or points at the place of another', async () => {
    await change('UPDATE record_versions SET position = position + 1 WHERE record_id = $1', [one.recordIds[7]]);
    expect(await kinds(true)).toEqual(['record-does-not-match']);
    await change('DELETE FROM record_versions WHERE record_id = $1', [one.recordIds[7]]);
    expect(await kinds()).toEqual(['root-does-not-match']);
  });

  it('names a segment whose row is gone: with it went the key', async () => {
    await change('DELETE FROM segments WHERE id = $1', [one.segmentId]);
    expect((await verify()).damage).toMatchObject([{ kind: 'segment-row-missing', id: one.segmentId }]);
  });

  it('counts a removal among the leaves of its commit', async () => {
    const [id] = one.recordIds;
    await change(`UPDATE record_versions SET segment_id = NULL, leaf = '' WHERE record_id = $1`, [id]);
    expect(await kinds(true)).toEqual(['root-does-not-match']);
    const tree = new MerkleTree();
    const rows = (await change('SELECT leaf FROM record_versions ORDER BY record_id')) as { leaf: Buffer }[];
    rows.forEach(({ leaf }, index) => tree.append(index === 0 ? Buffer.from(id!.replaceAll('-', '')) : leaf));
    await change('UPDATE commits SET merkle_root = $2 WHERE id = $1', [one.commitId, Buffer.from(tree.root())]);
    expect(await kinds(true)).toEqual([]);
  });

  it('counts a record that ends with a commit among its leaves, unless another version follows on it', async () => {
    const [removed, replaced, staged] = one.recordIds as [string, string, string];
    const leaf = Buffer.alloc(32, 7);
    const tree = new MerkleTree();
    tree.append(Buffer.from(uuidToBytes(removed).toString('hex')));
    tree.append(leaf);
    await change(
      `INSERT INTO commits (id, tenant_id, dataset_id, branch_id, seq, state, parent_ids, author_id, message, visible_seq,
         merkle_root, hash, published_at)
       SELECT $1, tenant_id, dataset_id, branch_id, 3, 'published', ARRAY[id], author_id, message, 3, $2, hash, published_at
         FROM commits WHERE id = $3`,
      [newId(), Buffer.from(tree.root()), one.commitId],
    );
    await change('UPDATE record_versions SET to_seq = 3 WHERE record_id = ANY($1)', [[removed, replaced]]);
    const insert = `INSERT INTO record_versions (tenant_id, dataset_id, branch_id, record_id, from_seq, to_seq, segment_id, block,
         position, bytes, risk, leaf)
       SELECT tenant_id, dataset_id, branch_id, record_id, $3, $4, segment_id, block, position, bytes, risk, $2
         FROM record_versions WHERE record_id = $1 AND from_seq = 1`;
    await change(insert, [replaced, leaf, 3, null]);
    expect((await verify()).damage).toEqual([]);
    // What is staged ends nothing yet, and what was put beside it is nothing, though others ended it.
    await change('UPDATE record_versions SET to_seq = 2 WHERE record_id = $1', [staged]);
    await change(insert, [replaced, leaf, 2, 3]);
    await change(insert, [staged, leaf, 2, null]);
    expect((await verify()).damage).toEqual([]);
    await change('UPDATE record_versions SET to_seq = NULL WHERE record_id = $1', [removed]);
    expect(await kinds()).toEqual(['root-does-not-match']);
  });

  it('takes no unpublished commit for damage', async () => {
    await change(`UPDATE commits SET state = 'staged' WHERE id = $1`, [one.commitId]);
    expect(await verify(true)).toMatchObject({ ok: true, records: 1, commits: 1 });
  });

  it('lists objects that nothing names when they are over an hour old, and they are no damage', async () => {
    const orphan = '01990000-0000-7000-8000-000000000001';
    await blobs.put(orphan, Buffer.from('of nobody'));
    expect(await verify()).toMatchObject({ ok: true, orphans: [] });
    blobs.ages.set(orphan, 2 * HOUR);
    expect(await verify()).toMatchObject({ ok: true, orphans: [orphan], objects: 3 });
  });

  it('says what is wrong with the audit of a tenant', async () => {
    audit = async (tenantId) =>
      tenantId === tenants[1] ? { ok: false, entries: 1, problem: 'gap' } : { ok: true, entries: 1, problem: null };
    expect((await verify()).damage).toMatchObject([
      { kind: 'audit-not-intact', id: tenants[1], detail: expect.stringContaining('gap') as string },
    ]);
  });

  it('finds the row of an object, and tells bytes that open from others', async () => {
    const finder = new SegmentFinder(place.database, keys, async () => tenants.map((id) => ({ id })));
    expect(await finder.find('01990000-0000-7000-8000-000000000001')).toBeNull();
    const found = await finder.find(one.segmentId);
    expect(found).toMatchObject({ tenantId: tenants[0], datasetId: one.datasetId, records: 2500 });
    const bytes = await blobs.get(one.segmentId);
    expect(await found!.opens(bytes)).toBe(true);
    expect(await found!.opens(bytes.subarray(0, -1))).toBe(false);
    bytes[bytes.length - 1]! ^= 1;
    expect(await found!.opens(bytes)).toBe(false);
  });
});
