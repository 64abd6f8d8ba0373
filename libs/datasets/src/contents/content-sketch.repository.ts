import type { Database } from '#database';
import { BAND_COLUMNS, SKETCH_COLUMNS } from '../record-columns.ts';
import type { Written } from '../gates/gate.repository.ts';
import { columnsOf, type ContentName, nameOf } from './content-hash.repository.ts';
import { bandsOfSketch } from './content.sketch.ts';
import { writtenPage } from './written.page.ts';

/** What one version of a record is like. */
export interface SketchedVersion {
  recordId: string;
  leaf: Uint8Array;
  /** Empty where it has no text. */
  sketch: Uint8Array;
}

/** Another version that has a band in common with one that was asked about. */
export interface Candidate extends SketchedVersion {
  /** Its place among those that were asked about. */
  of: number;
}

const AT_ONCE = 1000;
/** Versions that are looked at of all that share a band: of very many that begin alike, a band says nothing. */
const MOST_OF_A_BAND = 32;
const ASKED = ['n', 'id', ...BAND_COLUMNS].join(', ');
const ASKED_TYPES = ['$1::int[]', '$2::uuid[]', ...BAND_COLUMNS.map((_, i) => `$${i + 3}::int[]`)].join(', ');
/** By the index of each band: what is said of the dataset is in the bands, and a condition would call for other indexes. */
const SHARING = BAND_COLUMNS.map(
  (band) => `(SELECT record_id, leaf, sketch FROM content_sketches
    WHERE ${band} = asked.${band} AND record_id <> asked.id LIMIT ${MOST_OF_A_BAND})`,
).join(' UNION ALL ');

/** Keyed sketches of what records say; every method runs in the caller's transaction. */
export class ContentSketchRepository {
  constructor(private readonly database: Database) {}

  /** What is known already stays as it is. */
  async insert(
    { tenantId, datasetId }: { tenantId: string; datasetId: string },
    method: number,
    versions: readonly SketchedVersion[],
  ): Promise<void> {
    for (let at = 0; at < versions.length; at += AT_ONCE) {
      const some = versions.slice(at, at + AT_ONCE);
      const bands = some.map(({ sketch }) => bandsOfSketch(sketch));
      await this.database.query(
        `INSERT INTO content_sketches (${SKETCH_COLUMNS.join(', ')})
         SELECT $1, $2, r.record_id, r.leaf, $3, r.sketch, ${BAND_COLUMNS.map((band) => `r.${band}`).join(', ')}
           FROM unnest($4::uuid[], $5::bytea[], $6::bytea[], ${BAND_COLUMNS.map((_, i) => `$${i + 7}::int[]`).join(', ')})
             AS r (record_id, leaf, sketch, ${BAND_COLUMNS.join(', ')}) ON CONFLICT DO NOTHING`,
        [
          tenantId,
          datasetId,
          method,
          ...columnsOf(some),
          some.map(({ sketch }) => Buffer.from(sketch)),
          ...BAND_COLUMNS.map((_, band) => bands.map((of) => of?.[band] ?? null)),
        ],
      );
    }
  }

  /** Rows as `COPY … (FORMAT binary)` takes them. */
  async copy(rows: Uint8Array): Promise<void> {
    await this.database.copyInto('content_sketches', SKETCH_COLUMNS, rows);
  }

  /** By `nameOf`, of those that are known by this method. */
  async of(datasetId: string, method: number, versions: readonly ContentName[]): Promise<Map<string, Uint8Array>> {
    const known = new Map<string, Uint8Array>();
    for (let at = 0; at < versions.length; at += AT_ONCE) {
      const rows = await this.database.query<{ record_id: string; leaf: Buffer; sketch: Buffer }>(
        `SELECT v.record_id, v.leaf, s.sketch FROM unnest($3::uuid[], $4::bytea[]) AS v (record_id, leaf)
          CROSS JOIN LATERAL (SELECT sketch FROM content_sketches
            WHERE dataset_id = $1 AND record_id = v.record_id AND leaf = v.leaf AND method = $2 OFFSET 0) AS s`,
        [datasetId, method, ...columnsOf(versions.slice(at, at + AT_ONCE))],
      );
      for (const { record_id: recordId, leaf, sketch } of rows) known.set(nameOf({ recordId, leaf }), sketch);
    }
    return known;
  }

  /** The next records that a commit wrote and that have text, by id; with the last one that was looked at, null where there are no more. */
  async written(
    datasetId: string,
    method: number,
    { branchId, seq }: Written,
    after: string | null,
  ): Promise<{ versions: SketchedVersion[]; last: string | null }> {
    const rows = await writtenPage(this.database, after, (written) =>
      this.database.query<{ record_id: string; leaf: Buffer; sketch: Buffer | null }>(
        `WITH page AS MATERIALIZED (
           SELECT v.record_id, v.leaf FROM record_versions v
            WHERE ${written} AND ($5::uuid IS NULL OR v.record_id > $5) ORDER BY v.record_id LIMIT ${AT_ONCE})
         SELECT page.record_id, page.leaf, s.sketch FROM page
           LEFT JOIN LATERAL (SELECT sketch FROM content_sketches
             WHERE dataset_id = $3 AND record_id = page.record_id AND leaf = page.leaf AND method = $4 OFFSET 0) AS s ON true`,
        [branchId, seq, datasetId, method, after],
      ),
    );
    const versions = rows.flatMap(({ record_id: recordId, leaf, sketch }) =>
      sketch && sketch.length > 0 ? [{ recordId, leaf, sketch }] : [],
    );
    // In the order of the page, which nothing promises that rows come in.
    versions.sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
    const last = rows.reduce((most, { record_id: id }) => (id > most ? id : most), '');
    return { versions, last: rows.length < AT_ONCE ? null : last };
  }

  /** Versions of other records that have a band in common with these, on whatever branch they are; with more than one, more than once. */
  async sharing(asked: readonly { recordId: string; sketch: Uint8Array }[]): Promise<Candidate[]> {
    const speaking = asked.flatMap(({ recordId, sketch }, n) => {
      const bands = bandsOfSketch(sketch);
      return bands ? [{ n, recordId, bands }] : [];
    });
    if (speaking.length === 0) return [];
    // Whatever the planner thinks of a table that it may know nothing of yet.
    await this.database.query('SET LOCAL enable_seqscan = off');
    await this.database.query('SET LOCAL enable_bitmapscan = off');
    const rows = await this.database.query<{ n: number; record_id: string; leaf: Buffer; sketch: Buffer }>(
      `SELECT asked.n, other.* FROM unnest(${ASKED_TYPES}) AS asked (${ASKED}) CROSS JOIN LATERAL (${SHARING}) AS other`,
      [
        speaking.map(({ n }) => n),
        speaking.map(({ recordId }) => recordId),
        ...BAND_COLUMNS.map((_, band) => speaking.map(({ bands }) => bands[band])),
      ],
    );
    await this.database.query('SET LOCAL enable_seqscan = on');
    await this.database.query('SET LOCAL enable_bitmapscan = on');
    return rows.map(({ n, record_id: recordId, leaf, sketch }) => ({ of: n, recordId, leaf, sketch }));
  }
}
