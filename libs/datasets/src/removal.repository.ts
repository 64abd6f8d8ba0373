import type { Database } from '#database';

const OF_DATASET = 'WHERE dataset_id = $1';
const OF_BRANCHES = 'WHERE branch_id IN (SELECT id FROM branches WHERE dataset_id = $1)';

/** Of these there may be millions, and one statement may take only so long: some at a time. */
const MANY = [
  `findings ${OF_BRANCHES}`,
  `record_versions ${OF_BRANCHES}`,
  `content_hashes ${OF_DATASET}`,
  `content_sketches ${OF_DATASET}`,
  `quarantine_items ${OF_DATASET}`,
  `import_errors WHERE import_id IN (SELECT id FROM imports ${OF_DATASET})`,
].map((rows) => {
  const table = rows.slice(0, rows.indexOf(' '));
  return `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${rows} LIMIT 50000)) RETURNING 1 AS one`;
});
/** In an order in which no row outlives one that it names. */
const THE_REST = [
  `DELETE FROM dataset_schemas ${OF_DATASET}`,
  `DELETE FROM content_hashings ${OF_DATASET}`,
  `DELETE FROM content_sketchings ${OF_DATASET}`,
  `DELETE FROM finding_decisions ${OF_DATASET}`,
  `DELETE FROM duplicates WHERE search_id IN (SELECT id FROM duplicate_searches ${OF_DATASET})`,
  `DELETE FROM duplicate_searches ${OF_DATASET}`,
  `DELETE FROM leaks WHERE report_id IN (SELECT id FROM leakage_reports ${OF_DATASET})`,
  `DELETE FROM leakage_reports ${OF_DATASET}`,
  `DELETE FROM merge_reviews WHERE request_id IN (SELECT id FROM merge_requests ${OF_DATASET})`,
  `DELETE FROM merge_requests ${OF_DATASET}`,
  `DELETE FROM uploaded_files ${OF_DATASET}`,
  `DELETE FROM upload_parts WHERE upload_id IN (SELECT id FROM uploads ${OF_DATASET})`,
  `DELETE FROM uploads ${OF_DATASET}`,
  `DELETE FROM imports ${OF_DATASET}`,
  `DELETE FROM segments ${OF_DATASET}`,
  `DELETE FROM tags ${OF_DATASET}`,
  'DELETE FROM lineage_edges WHERE from_dataset_id = $1 OR to_dataset_id = $1',
  `DELETE FROM commits ${OF_DATASET}`,
  `DELETE FROM branches ${OF_DATASET}`,
  'DELETE FROM datasets WHERE id = $1',
];

/** Takes datasets out of the database; every method runs in the caller's transaction. */
export class RemovalRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Waits for whoever is writing to it, and keeps everyone else from it; false when it is not there. */
  async lock(datasetId: string): Promise<boolean> {
    await this.database.query(`SELECT id FROM branches ${OF_DATASET} ORDER BY id FOR UPDATE`, [datasetId]);
    const found = await this.database.query('SELECT id FROM datasets WHERE id = $1 FOR UPDATE', [datasetId]);
    return found.length > 0;
  }

  async hasRunningImport(datasetId: string): Promise<boolean> {
    const sql = `SELECT 1 AS one FROM imports ${OF_DATASET} AND state = 'running' LIMIT 1`;
    return (await this.database.query(sql, [datasetId])).length > 0;
  }

  /** Every row of a dataset, with the keys of its objects. Gives the names of those, which nobody can open from then on. */
  async remove(datasetId: string): Promise<string[]> {
    const objects = await this.database.query<{ id: string }>(
      `SELECT id::text FROM segments ${OF_DATASET} UNION ALL
       SELECT object FROM upload_parts WHERE upload_id IN (SELECT id FROM uploads ${OF_DATASET})`,
      [datasetId],
    );
    for (const sql of MANY) while ((await this.database.query(sql, [datasetId])).length > 0);
    for (const sql of THE_REST) await this.database.query(sql, [datasetId]);
    return objects.map(({ id }) => id);
  }
}
