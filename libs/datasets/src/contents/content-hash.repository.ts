import type { Database } from '#database';
import { type Layer, SqlParameters, topRow } from '../layers.ts';
import { CONTENT_HASH_COLUMNS } from '../record-columns.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { writtenPage } from './written.page.ts';

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
  split: string | null;
}

/** By split, of those that have it, the first records by id. */
export type HeldInSplits = ReadonlyMap<string, readonly string[]>;

interface PageRow {
  last: string | null;
  n: number;
  record_id: string | null;
  hash: string | null;
  split: string | null;
}

const AT_ONCE = 5000;
const own = (dataset: string): string => `CROSS JOIN LATERAL (SELECT h.hash FROM content_hashes h
  WHERE h.dataset_id = ${dataset} AND h.record_id = v.record_id AND h.leaf = v.leaf OFFSET 0) AS own`;

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
           FROM unnest($2::uuid[], $3::bytea[]) AS v (record_id, leaf) ${own('$1')}`,
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

  /** The same for records that are in splits: of each split the first `most`. It costs as many records as say the same. */
  async inSplits(
    datasetId: string,
    layers: readonly Layer[],
    hashes: readonly string[],
    most: number,
  ): Promise<Map<string, HeldInSplits>> {
    const held = new Map<string, Map<string, string[]>>();
    for (let at = 0; at < hashes.length; at += AT_ONCE) {
      const parameters = new SqlParameters();
      const [dataset, asked] = [parameters.add(datasetId, 'uuid'), hashes.slice(at, at + AT_ONCE)];
      const rows = await this.database.query<{ hash: string; split: string; ids: string[] }>(
        `SELECT asked.hash, holder.* FROM unnest(${parameters.add(asked, 'text[]')}) AS asked (hash)
          CROSS JOIN LATERAL (
            SELECT top.split, (array_agg(wanted.id ORDER BY wanted.id))[1:${parameters.add(most, 'int')}] AS ids FROM (
              SELECT h.record_id AS id, h.leaf FROM content_hashes h
               WHERE h.dataset_id = ${dataset} AND h.hash = decode(asked.hash, 'hex') OFFSET 0) AS wanted
             CROSS JOIN LATERAL (${topRow(layers, parameters)}) AS top
             WHERE top.segment_id IS NOT NULL AND top.leaf = wanted.leaf AND top.split IS NOT NULL
             GROUP BY top.split ORDER BY top.split) AS holder`,
        parameters.values,
      );
      for (const { hash, split, ids } of rows) held.set(hash, (held.get(hash) ?? new Map()).set(split, ids));
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
    const rows = await writtenPage(this.database, after, (written) =>
      this.database.query<PageRow>(
        `WITH page AS MATERIALIZED (
           SELECT v.record_id, v.leaf, v.split FROM record_versions v
            WHERE ${written} AND ($4::uuid IS NULL OR v.record_id > $4) ORDER BY v.record_id LIMIT ${AT_ONCE}),
         seen AS (SELECT max(record_id::text) AS last, count(*)::int AS n FROM page),
         same AS (SELECT v.record_id, v.split, own.hash FROM page v ${own('$3')}
           WHERE EXISTS (SELECT FROM content_hashes o
             WHERE o.dataset_id = $3 AND o.hash = own.hash AND o.record_id <> v.record_id OFFSET 0))
         SELECT seen.*, same.record_id, same.split, encode(same.hash, 'hex') AS hash FROM seen LEFT JOIN same ON true`,
        [branchId, seq, datasetId, after],
      ),
    );
    const suspects = rows.flatMap(({ record_id: recordId, hash, split }) =>
      recordId && hash ? [{ recordId, hash, split }] : [],
    );
    return { suspects, last: rows[0]!.n < AT_ONCE ? null : rows[0]!.last };
  }

  /** Whether all that was there when its gates began to ask is known by now. */
  async isComplete(datasetId: string): Promise<boolean> {
    const sql = 'SELECT FROM content_hashings WHERE dataset_id = $1 AND completed_at IS NOT NULL';
    return (await this.database.query(sql, [datasetId])).length > 0;
  }
}

export function nameOf({ recordId, leaf }: { recordId: string; leaf: Uint8Array }): string {
  return `${recordId} ${Buffer.from(leaf).toString('hex')}`;
}

export function columnsOf(versions: readonly { recordId: string; leaf: Uint8Array }[]): unknown[] {
  return [versions.map(({ recordId }) => recordId), versions.map(({ leaf }) => Buffer.from(leaf))];
}
