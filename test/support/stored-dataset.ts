// A dataset as it lies in the database and the store, written there directly: for what looks at it from outside.
import { randomBytes } from 'node:crypto';
import { type KeyService, MerkleTree, packSegment } from '#crypto';
import type { Database } from '#database';
import { newId } from '#kernel';
import type { BlobStore } from '#storage';

export interface StoredDataset {
  tenantId: string;
  datasetId: string;
  branchId: string;
  commitId: string;
  segmentId: string;
  recordIds: string[];
}

export interface Stores {
  database: Database;
  blobs: BlobStore;
  keys: KeyService;
}

export async function newTenant(database: Database, slug = `t${randomBytes(4).toString('hex')}`): Promise<string> {
  const id = newId();
  await database.inTenant(id, () =>
    database.query('INSERT INTO tenants (id, slug, name) VALUES ($1, $2, $2)', [id, slug]),
  );
  return id;
}

/** One commit with one segment of these lines. */
export async function storeDataset(
  { database, blobs, keys }: Stores,
  tenantId: string,
  lines: readonly string[],
): Promise<StoredDataset> {
  const [datasetId, branchId, commitId, segmentId] = [newId(), newId(), newId(), newId()];
  const recordIds = lines.map(() => newId());
  const place = { tenantId, datasetId, segmentId };
  const { key, wrapped } = await keys.newSegmentKey(place);
  const packed = packSegment(
    { ...place, key },
    lines.map((line) => Buffer.from(line)),
  );
  await blobs.put(segmentId, packed.bytes);
  const tree = new MerkleTree();
  tree.appendMany(packed.leaves);
  await database.inTenant(tenantId, async () => {
    const insert = (table: string, row: Record<string, unknown>): Promise<unknown> => {
      const names = Object.keys(row);
      const marks = names.map((_, index) => `$${index + 1}`);
      return database.query(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks.join(', ')})`,
        Object.values(row),
      );
    };
    const own = { tenant_id: tenantId, dataset_id: datasetId };
    await insert('datasets', { id: datasetId, tenant_id: tenantId, name: datasetId, created_by: newId() });
    await insert('branches', { id: branchId, ...own, name: 'main', head_commit_id: commitId, next_seq: 2 });
    await insert('commits', {
      id: commitId,
      ...own,
      branch_id: branchId,
      seq: 1,
      state: 'published',
      parent_ids: [],
      author_id: newId(),
      message: 'as it is stored',
      visible_seq: 1,
      merkle_root: Buffer.from(tree.root()),
      hash: randomBytes(32),
      published_at: new Date(),
    });
    await insert('segments', {
      id: segmentId,
      ...own,
      commit_id: commitId,
      format_version: 1,
      tenant_key_version: wrapped.tenantKeyVersion,
      key_salt: Buffer.from(wrapped.salt),
      key_wrapped: Buffer.from(wrapped.wrapped),
      key_commitment: Buffer.from(wrapped.commitment),
      nonce_prefix: Buffer.from(packed.noncePrefix),
      block_offsets: packed.blockOffsets,
      records: packed.records,
      plain_bytes: packed.plainBytes,
      sealed_bytes: packed.bytes.length,
    });
    for (const [index, recordId] of recordIds.entries()) {
      await insert('record_versions', {
        ...own,
        branch_id: branchId,
        record_id: recordId,
        from_seq: 1,
        segment_id: segmentId,
        block: packed.places.block[index],
        position: packed.places.position[index],
        bytes: lines[index]!.length,
        risk: 0,
        leaf: Buffer.from(packed.leaves.subarray(32 * index, 32 * index + 32)),
      });
    }
  });
  return { tenantId, datasetId, branchId, commitId, segmentId, recordIds };
}
