import type { Database } from '#database';
import { type Layer, SqlParameters, topRow } from '../layers.ts';
import { CONTENT_HASH_COLUMNS } from '../record-columns.ts';
import type { StoredVersion } from '../record-version.entity.ts';

/** What one version of a record says. */
export interface HashedVersion {
  recordId: string;
  leaf: Uint8Array;
  hash: Uint8Array;
}

/** Names a version by its content, whichever rows take it over. */
export type ContentName = Pick<StoredVersion, 'recordId' | 'leaf'>;

/** A record that a commit wrote, of which another version anywhere in the dataset says the same. */
export interface Suspect {
  recordId: string;
  /** Hex. */
  hash: string;
}

interface PageRow {
  last: string | null;
  n: number;
  record_id: string | null;
  hash: string | null;
}

const AT_ONCE = 5000;
const OWN = `CROSS JOIN LATERAL (SELECT h.hash FROM content_hashes h
  WHERE h.dataset_id = $1 AND h.record_id = v.record_id AND h.leaf = v.leaf OFFSET 0) AS own`;

/** Keyed hashes of what records say; every method runs in the caller's transaction. */
export class ContentHashRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** What is known already stays as it is. */
  async insert(place: { tenantId: string; datasetId: string }, versions: readonly HashedVersion[]): Promise<void> {
    for (let at = 0; at < versions.length; at += AT_ONCE) {
      const some = versions.slice(at, at + AT_ONCE);
      await this.database.query(
        `INSERT INTO content_hashes (tenant_id, dataset_id, record_id, leaf, hash)
         SELECT $1, $2, r.* FROM unnest($3::uuid[], $4::bytea[], $5::bytea[]) AS r ON CONFLICT DO NOTHING`,
        [place.tenantId, place.datasetId, ...columnsOf(some), some.map(({ hash }) => Buffer.from(hash))],
      );
    }
  }

  /** Rows as `COPY … (FORMAT binary)` takes them. */
  async copy(rows: Uint8Array): Promise<void> {
    await this.database.copyInto('content_hashes', CONTENT_HASH_COLUMNS, rows);
  }

  /** Hashes in hex, by `nameOf`, of those that are known. */
  async of(datasetId: string, versions: readonly ContentName[]): Promise<Map<string, string>> {
    const known = new Map<string, string>();
    for (let at = 0; at < versions.length; at += AT_ONCE) {
      const rows = await this.database.query<{ record_id: string; leaf: Buffer; hash: string }>(
        `SELECT v.record_id, v.leaf, encode(own.hash, 'hex') AS hash
           FROM unnest($2::uuid[], $3::bytea[]) AS v (record_id, leaf) ${OWN}`,
        [datasetId, ...columnsOf(versions.slice(at, at + AT_ONCE))],
      );
      for (const { record_id: recordId, leaf, hash } of rows) known.set(nameOf({ recordId, leaf }), hash);
    }
    return known;
  }

  /** Which records that are seen through the layers say what these hashes stand for: of each the first `most`, by id. */
  async holders(
    datasetId: string,
    layers: readonly Layer[],
    hashes: readonly string[],
    most: number,
  ): Promise<Map<string, string[]>> {
    const held = new Map<string, string[]>();
    for (let at = 0; at < hashes.length; at += AT_ONCE) {
      const parameters = new SqlParameters();
      const [dataset, asked] = [parameters.add(datasetId, 'uuid'), hashes.slice(at, at + AT_ONCE)];
      const rows = await this.database.query<{ hash: string; id: string }>(
        `SELECT asked.hash, holder.id FROM unnest(${parameters.add(asked, 'text[]')}) AS asked (hash)
          CROSS JOIN LATERAL (
            SELECT wanted.id FROM (
              SELECT h.record_id AS id, h.leaf FROM content_hashes h
               WHERE h.dataset_id = ${dataset} AND h.hash = decode(asked.hash, 'hex') ORDER BY h.record_id OFFSET 0) AS wanted
             CROSS JOIN LATERAL (${topRow(layers, parameters)}) AS top
             WHERE top.segment_id IS NOT NULL AND top.leaf = wanted.leaf LIMIT ${parameters.add(most, 'bigint')}) AS holder`,
        parameters.values,
      );
      for (const { hash, id } of rows) held.set(hash, [...(held.get(hash) ?? []), id]);
    }
    return held;
  }

  /**
   * Of the records that a commit wrote, by id and some thousand at a time, those that other versions say the same as; with
   * the last one that was looked at, null where there are no more. It costs what the commit wrote.
   */
  async suspects(
    datasetId: string,
    { branchId, seq }: { branchId: string; seq: number },
    after: string | null,
  ): Promise<{ suspects: Suspect[]; last: string | null }> {
    // A commit of many rows is one of many rows of the branch, and those have an order; others are found by their seq.
    if (after !== null) await this.database.query('SET LOCAL enable_sort = off');
    const written = after === null ? 'uuid_hash(v.branch_id) = uuid_hash($2::uuid) AND' : '';
    const rows = await this.database.query<PageRow>(
      `WITH page AS MATERIALIZED (
         SELECT v.record_id, v.leaf FROM record_versions v
          WHERE ${written} v.branch_id = $2 AND v.from_seq = $3 AND v.segment_id IS NOT NULL
            AND ($4::uuid IS NULL OR v.record_id > $4) ORDER BY v.record_id LIMIT ${AT_ONCE}),
       seen AS (SELECT max(record_id::text) AS last, count(*)::int AS n FROM page),
       same AS (SELECT v.record_id, own.hash FROM page v ${OWN}
         WHERE EXISTS (SELECT FROM content_hashes o
           WHERE o.dataset_id = $1 AND o.hash = own.hash AND o.record_id <> v.record_id OFFSET 0))
       SELECT seen.*, same.record_id, encode(same.hash, 'hex') AS hash FROM seen LEFT JOIN same ON true`,
      [datasetId, branchId, seq, after],
    );
    if (after !== null) await this.database.query('SET LOCAL enable_sort = on');
    const suspects = rows.flatMap(({ record_id: recordId, hash }) => (recordId && hash ? [{ recordId, hash }] : []));
    return { suspects, last: rows[0]!.n < AT_ONCE ? null : rows[0]!.last };
  }

  /** Whether all that was there when its gates began to ask is known by now. */
  async isComplete(datasetId: string): Promise<boolean> {
    const sql = 'SELECT FROM content_hashings WHERE dataset_id = $1 AND completed_at IS NOT NULL';
    return (await this.database.query(sql, [datasetId])).length > 0;
  }

  /** Of records that were staged under a commit, and are still there. Their ids lie between these. */
  async clear(
    { datasetId, branchId, seq }: { datasetId: string; branchId: string; seq: number },
    first: string,
    last: string,
  ): Promise<void> {
    const staged = `SELECT h.ctid FROM content_hashes h JOIN record_versions v USING (record_id, leaf)
      WHERE h.dataset_id = $1 AND h.record_id BETWEEN $2 AND $3 AND v.branch_id = $4 AND v.from_seq = $5`;
    // Some at a time: of very many one statement would take longer than it may.
    const sql = `DELETE FROM content_hashes WHERE ctid = ANY(ARRAY(${staged} LIMIT ${4 * AT_ONCE})) RETURNING 1 AS one`;
    const parameters = [datasetId, first, last, branchId, seq];
    while ((await this.database.query(sql, parameters)).length === 4 * AT_ONCE);
  }

  /** Of contents that nothing names any more. */
  async remove(datasetId: string, versions: readonly ContentName[]): Promise<void> {
    await this.database.query(
      `DELETE FROM content_hashes h USING unnest($2::uuid[], $3::bytea[]) AS k (record_id, leaf)
        WHERE h.dataset_id = $1 AND h.record_id = k.record_id AND h.leaf = k.leaf`,
      [datasetId, ...columnsOf(versions)],
    );
  }

  /** Of contents, where no other version says the same of the record any more. */
  async forget(datasetId: string, versions: readonly ContentName[]): Promise<void> {
    await this.database.query(
      `DELETE FROM content_hashes WHERE ctid = ANY(ARRAY(
         SELECT h.place FROM unnest($2::uuid[], $3::bytea[]) AS k (id, leaf) CROSS JOIN LATERAL (
           SELECT ctid AS place FROM content_hashes WHERE dataset_id = $1 AND record_id = k.id AND leaf = k.leaf OFFSET 0) AS h
          WHERE NOT EXISTS (SELECT FROM branches b CROSS JOIN LATERAL (
            SELECT FROM record_versions WHERE branch_id = b.id AND record_id = k.id AND leaf = k.leaf OFFSET 0) AS v
             WHERE b.dataset_id = $1)))`,
      [datasetId, ...columnsOf(versions)],
    );
  }
}

export function nameOf({ recordId, leaf }: { recordId: string; leaf: Uint8Array }): string {
  return `${recordId} ${Buffer.from(leaf).toString('hex')}`;
}

function columnsOf(versions: readonly { recordId: string; leaf: Uint8Array }[]): unknown[] {
  return [versions.map(({ recordId }) => recordId), versions.map(({ leaf }) => Buffer.from(leaf))];
}
