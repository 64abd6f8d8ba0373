import type { Database } from '#database';
import type { Commit } from './commit.entity.ts';
import { FindingRow } from './finding.entity.ts';
import { FINDING_COLUMNS, VERSION_COLUMNS } from './record-columns.ts';
import { RecordVersion } from './record-version.entity.ts';
import { Segment } from './segment.entity.ts';

/** What of a branch is visible at a commit: see the columns of `Commit`. */
const VISIBLE = `version.branchId = :branchId
  AND version.fromSeq <= :visible AND NOT (version.fromSeq = ANY(:hidden))
  AND (version.toSeq IS NULL OR version.toSeq > :visible OR version.toSeq = ANY(:hidden))`;

/** Rows taken away by one statement: a million would take longer than a statement may. */
const AT_ONCE = 20_000;

export class RecordRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /** Record versions visible at a commit, by record id, which is the order they came in. */
  page(commit: Commit, limit: number, after: string | null): Promise<RecordVersion[]> {
    const query = this.database
      .repository(RecordVersion)
      .createQueryBuilder('version')
      .where(VISIBLE, visibility(commit))
      .orderBy('version.recordId')
      .limit(limit);
    if (after) query.andWhere('version.recordId > :after', { after });
    return query.getMany();
  }

  find(commit: Commit, recordId: string): Promise<RecordVersion | null> {
    return this.database
      .repository(RecordVersion)
      .createQueryBuilder('version')
      .where(VISIBLE, visibility(commit))
      .andWhere('version.recordId = :recordId', { recordId })
      .getOne();
  }

  findings({ branchId, recordId, fromSeq }: RecordVersion): Promise<FindingRow[]> {
    return this.database
      .repository(FindingRow)
      .find({ where: { branchId, recordId, fromSeq }, order: { ordinal: 'ASC' } });
  }

  segments(ids: string[]): Promise<Segment[]> {
    return this.database
      .repository(Segment)
      .createQueryBuilder('segment')
      .where('segment.id = ANY(:ids)', { ids })
      .getMany();
  }

  segmentIdsOf(commitId: string): Promise<string[]> {
    return this.database
      .repository(Segment)
      .find({ where: { commitId }, select: { id: true } })
      .then((segments) => segments.map((segment) => segment.id));
  }

  /** Of all objects of the tenant. */
  async sealedBytes(): Promise<number> {
    const [row] = await this.database.query<{ bytes: number }>(
      'SELECT coalesce(sum(sealed_bytes), 0)::bigint AS bytes FROM segments',
    );
    return Number(row?.bytes ?? 0);
  }

  async insertSegment(segment: Omit<Segment, 'createdAt'>): Promise<void> {
    await this.database.repository(Segment).insert(segment);
  }

  /** Rows as `COPY … (FORMAT binary)` takes them, in the order of these columns. */
  async copyVersions(rows: Uint8Array): Promise<void> {
    await this.database.copyInto('record_versions', VERSION_COLUMNS, rows);
  }

  async copyFindings(rows: Uint8Array): Promise<void> {
    await this.database.copyInto('findings', FINDING_COLUMNS, rows);
  }

  /** Keeps a staged commit from being given up before the running transaction ends; false when it is no longer staged. */
  async holdStaged(commitId: string): Promise<boolean> {
    const rows = await this.database.query(`SELECT FROM commits WHERE id = $1 AND state = 'staged' FOR SHARE`, [
      commitId,
    ]);
    return rows.length === 1;
  }

  /** Takes away all that was staged under a commit. Its record ids lie between `first` and `last`. */
  async clear(commit: { id: string; branchId: string; seq: number }, first: string, last: string): Promise<void> {
    const where = 'branch_id = $1 AND from_seq = $2 AND record_id BETWEEN $3 AND $4';
    const parameters = [commit.branchId, commit.seq, first, last];
    await this.deleteAll('findings', where, parameters);
    await this.deleteAll('record_versions', where, parameters);
    await this.database.query(`DELETE FROM segments WHERE commit_id = $1`, [commit.id]);
  }

  private async deleteAll(table: string, where: string, parameters: unknown[]): Promise<void> {
    const some = `SELECT ctid FROM ${table} WHERE ${where} LIMIT ${AT_ONCE}`;
    const sql = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(${some})) RETURNING 1`;
    while ((await this.database.query(sql, parameters)).length === AT_ONCE);
  }
}

function visibility(commit: Commit): { branchId: string; visible: number | null; hidden: number[] } {
  return { branchId: commit.branchId, visible: commit.visibleSeq, hidden: commit.hiddenSeqs };
}
