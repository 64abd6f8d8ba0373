import type { Database } from '#database';

/**
 * What is worth being put together with others: at most half of a new segment, so that any two go into one, and one that
 * is full is not small. The migration has an index over the same words.
 */
const SMALL = 'retired_at IS NULL AND plain_bytes < 1048576 AND records < 2000';
const UNCLAIMED = '(claimed_until IS NULL OR claimed_until < now())';
/** What is staged or held back is left where it is. */
const PUBLISHED = `EXISTS (SELECT FROM commits c WHERE c.id = s.commit_id AND c.state = 'published')`;
/** Past this, who claimed them is taken for dead. */
const CLAIM = "now() + interval '5 minutes'";
/** Of one new segment: its rows are changed while the branches are held, which single writes wait for. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_RECORDS = 4000;
const LOOKED_AT = 2000;

/** Where one record version's content lies; several rows may name it. */
export interface OldPlace {
  segment_id: string;
  block: number;
  position: number;
  record_id: string;
  leaf: Buffer;
}

export interface NewPlaces {
  block: Uint32Array;
  position: Uint32Array;
}

export interface SmallSegment {
  id: string;
  plain_bytes: number;
  records: number;
}

/** Every method runs in the caller's transaction. */
export class CompactionRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Lets look-ups by segment pass over rows that came lately, too. */
  async summarize(): Promise<void> {
    await this.database.statement("SELECT brin_summarize_new_values('record_versions_segment_id_idx')");
  }

  /** Datasets with at least so many small segments. */
  async datasets(least: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT dataset_id AS id FROM segments s WHERE ${SMALL} AND ${UNCLAIMED} AND ${PUBLISHED}
        GROUP BY 1 HAVING count(*) >= $1`,
      [least],
    );
    return rows.map(({ id }) => id);
  }

  /** How many segments of a dataset are small and published. */
  async small(datasetId: string): Promise<number> {
    const sql = `SELECT count(*)::int AS n FROM segments s WHERE dataset_id = $1 AND ${SMALL} AND ${PUBLISHED}`;
    return (await this.database.query<{ n: number }>(sql, [datasetId]))[0]!.n;
  }

  /**
   * Takes small segments that are older than an id, oldest first, that go into one: two at least, or none. Nobody else takes
   * them meanwhile.
   */
  async claim(datasetId: string, before: string): Promise<string[]> {
    const found = await this.database.query<SmallSegment>(
      `SELECT id, plain_bytes, records FROM segments s WHERE dataset_id = $1 AND ${SMALL} AND ${UNCLAIMED} AND id < $2
          AND ${PUBLISHED}
        ORDER BY id LIMIT ${LOOKED_AT} FOR UPDATE SKIP LOCKED`,
      [datasetId, before],
    );
    const ids = fitting(found);
    if (ids.length < 2) return [];
    await this.database.query(`UPDATE segments SET claimed_until = ${CLAIM} WHERE id = ANY($1::uuid[])`, [ids]);
    return ids;
  }

  /** What is named in these segments, by record: a reader asks for them in that order. */
  places(ids: readonly string[]): Promise<OldPlace[]> {
    return this.database.query(
      `SELECT * FROM (
         SELECT DISTINCT ON (segment_id, block, position) segment_id, block, position, record_id, leaf
           FROM record_versions WHERE segment_id = ANY($1::uuid[])
          ORDER BY segment_id, block, position, record_id) AS named
        ORDER BY record_id, segment_id, block, position`,
      [ids],
    );
  }

  /** Waits for whoever writes to the branches there are, and keeps everyone from it. */
  async holdBranches(datasetId: string): Promise<string[]> {
    const sql = 'SELECT id FROM branches WHERE dataset_id = $1 ORDER BY id FOR NO KEY UPDATE';
    return (await this.database.query<{ id: string }>(sql, [datasetId])).map(({ id }) => id);
  }

  /** The commit of the newest of them; null when one is not in use any more. */
  async holdSegments(ids: readonly string[]): Promise<string | null> {
    const rows = await this.database.query<{ commit_id: string }>(
      'SELECT commit_id FROM segments WHERE id = ANY($1::uuid[]) AND retired_at IS NULL ORDER BY id FOR UPDATE',
      [ids],
    );
    return rows.length === ids.length ? rows.at(-1)!.commit_id : null;
  }

  /**
   * Says of every row of these branches, which are held, where its content lies now. Whoever ends a version goes by where its
   * row is, and so nobody may be doing that. A row of a branch that is younger keeps its segment in use, see `destroy`.
   */
  async move(branchIds: readonly string[], old: readonly OldPlace[], to: string, places: NewPlaces): Promise<void> {
    // Without statistics the planner would compare each row with each place.
    await this.database.query('SET LOCAL enable_nestloop = off');
    await this.database.query(
      `UPDATE record_versions v SET segment_id = $1, block = p.to_block, position = p.to_position
         FROM unnest($3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[])
           AS p (segment_id, block, position, to_block, to_position)
        WHERE v.segment_id = ANY($2::uuid[]) AND v.segment_id = p.segment_id AND v.block = p.block
          AND v.position = p.position AND v.branch_id = ANY($8::uuid[])`,
      [
        to,
        [...new Set(old.map((place) => place.segment_id))],
        old.map((place) => place.segment_id),
        old.map((place) => place.block),
        old.map((place) => place.position),
        [...places.block],
        [...places.position],
        branchIds,
      ],
    );
  }

  async retire(ids: readonly string[]): Promise<void> {
    const sql = 'UPDATE segments SET retired_at = now(), claimed_until = NULL WHERE id = ANY($1::uuid[])';
    await this.database.query(sql, [ids]);
  }

  /** Datasets with segments that were retired so long ago. */
  async retiring(graceSeconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT DISTINCT dataset_id AS id FROM segments WHERE retired_at <= now() - make_interval(secs => $1)',
      [graceSeconds],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Destroys the keys of segments that were retired so long ago, and gives their names. One that a row names all the same,
   * because it was planned before and written after, is in use again.
   */
  async destroy(datasetId: string, graceSeconds: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM segments WHERE dataset_id = $1 AND retired_at <= now() - make_interval(secs => $2)
        ORDER BY id LIMIT ${LOOKED_AT} FOR UPDATE`,
      [datasetId, graceSeconds],
    );
    const ids = rows.map(({ id }) => id);
    await this.database.query(
      `UPDATE segments SET retired_at = NULL
        WHERE id IN (SELECT DISTINCT segment_id FROM record_versions WHERE segment_id = ANY($1::uuid[]))`,
      [ids],
    );
    const gone = await this.database.query<{ id: string }>(
      'DELETE FROM segments WHERE id = ANY($1::uuid[]) AND retired_at IS NOT NULL RETURNING id',
      [ids],
    );
    return gone.map(({ id }) => id);
  }
}

/** As many of them, in turn, as go into one segment. */
function fitting(segments: readonly SmallSegment[]): string[] {
  const ids: string[] = [];
  let [bytes, records] = [0, 0];
  for (const segment of segments) {
    bytes += segment.plain_bytes;
    records += segment.records;
    if (bytes > MOST_BYTES || records > MOST_RECORDS) break;
    ids.push(segment.id);
  }
  return ids;
}
