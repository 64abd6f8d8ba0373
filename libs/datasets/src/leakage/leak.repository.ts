import type { Database } from '#database';
import { idAfter, newId, type Page, pageById } from '#kernel';
import { type Layer, SqlParameters, visibleRows } from '../layers.ts';
import { Leak, LeakageReport } from './leak.entity.ts';

const AT_ONCE = 5000;

export type FoundLeak = Omit<Leak, 'id' | 'tenantId' | 'reportId'>;

/** What reports found; every method runs in the caller's transaction. */
export class LeakRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  find(datasetId: string, id: string): Promise<LeakageReport | null> {
    return this.database.repository(LeakageReport).findOneBy({ datasetId, id });
  }

  /** @throws BadCursor */
  async page(reportId: string, limit: number, cursor?: string): Promise<Page<Leak>> {
    const after = idAfter(cursor);
    const query = this.database
      .repository(Leak)
      .createQueryBuilder('leak')
      .where('leak.reportId = :reportId', { reportId })
      .orderBy('leak.id', 'ASC')
      .limit(limit + 1);
    if (after) query.andWhere('leak.id > :after', { after });
    return pageById(await query.getMany(), limit);
  }

  /** How many records are in each split; null are those in none. */
  splits(layers: readonly Layer[]): Promise<{ split: string | null; records: number }[]> {
    const parameters = new SqlParameters();
    const rows = visibleRows(layers, parameters);
    const sql = `SELECT split, count(*)::int AS records FROM (${rows}) AS seen GROUP BY split`;
    return this.database.query(sql, parameters.values);
  }

  /** Takes the place of the reports of the dataset before it. */
  async replace(report: Omit<LeakageReport, 'createdAt'>, found: readonly FoundLeak[]): Promise<void> {
    const { datasetId, tenantId, id } = report;
    const earlier = 'SELECT id FROM leakage_reports WHERE dataset_id = $1';
    await this.database.query(`DELETE FROM leaks WHERE report_id IN (${earlier})`, [datasetId]);
    await this.database.query('DELETE FROM leakage_reports WHERE dataset_id = $1', [datasetId]);
    await this.database.repository(LeakageReport).insert(report);
    for (let at = 0; at < found.length; at += AT_ONCE) {
      const some = found.slice(at, at + AT_ONCE);
      await this.database.query(
        `INSERT INTO leaks (id, tenant_id, report_id, record_id, split, other_id, other_split, kind, similarity)
         SELECT id, $1, $2, record_id, split, other_id, other_split, kind, similarity
         FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::real[])
           AS found (id, record_id, split, other_id, other_split, kind, similarity)`,
        [
          tenantId,
          id,
          some.map(() => newId()),
          some.map(({ recordId }) => recordId),
          some.map(({ split }) => split),
          some.map(({ otherId }) => otherId),
          some.map(({ otherSplit }) => otherSplit),
          some.map(({ kind }) => kind),
          some.map(({ similarity }) => similarity),
        ],
      );
    }
  }
}
