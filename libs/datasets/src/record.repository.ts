import { type Database, EntityRows } from '#database';
import { FindingRow } from './finding.entity.ts';
import { type Layer, recordRows, SqlParameters, visibleRows } from './layers.ts';
import { FINDING_COLUMNS, SAID_COLUMNS, VERSION_COLUMNS } from './record-columns.ts';
import { conditionsOf, type RecordFilter } from './record.filter.ts';
import { type VersionRow, versionOf } from './version-row.ts';
import type { RecordVersion, StoredVersion } from './record-version.entity.ts';
import { type NewSegment, Segment } from './segment.entity.ts';

/** Rows taken away by one statement: a million would take longer than a statement may. */
const AT_ONCE = 20_000;

type VersionKey = Pick<RecordVersion, 'branchId' | 'recordId' | 'fromSeq'>;

export class RecordRepository {
  private readonly database: Database;
  private readonly stored: EntityRows<Segment>;

  constructor(database: Database) {
    this.database = database;
    this.stored = new EntityRows(database, Segment);
  }

  /** Record versions visible through the layers, by record id, which is the order they came in. */
  async page(
    layers: readonly Layer[],
    limit: number,
    after: string | null,
    filter?: RecordFilter,
  ): Promise<StoredVersion[]> {
    const parameters = new SqlParameters();
    const later = after ? parameters.add(after, 'uuid') : null;
    const conditions = (alias: string): string[] => (filter ? conditionsOf(filter, alias, parameters) : []);
    const where = (alias: string): string =>
      [...(later ? [`${alias}.record_id > ${later}`] : []), ...conditions(alias), 'true'].join(' AND ');
    const sql = visibleRows(layers, parameters, { where, limit });
    // The key has them in order already. Without statistics the planner would rather read the whole branch and sort it.
    const isFiltered = Object.values(filter ?? {}).some((value) => value !== undefined);
    if (!isFiltered) await this.letSort(false);
    const rows = await this.rows(sql, parameters);
    if (!isFiltered) await this.letSort(true);
    return rows;
  }

  async find(layers: readonly Layer[], recordId: string): Promise<StoredVersion | null> {
    return (await this.findAll(layers, [recordId]))[0] ?? null;
  }

  findAll(layers: readonly Layer[], recordIds: readonly string[]): Promise<StoredVersion[]> {
    const parameters = new SqlParameters();
    return this.rows(recordRows(layers, parameters, recordIds), parameters);
  }

  /** Those that somebody else calls one of these names. */
  findExternal(layers: readonly Layer[], externalIds: readonly string[]): Promise<StoredVersion[]> {
    const parameters = new SqlParameters();
    const names = parameters.add(externalIds, 'text[]');
    const where = (alias: string): string => `${alias}.external_id = ANY(${names})`;
    return this.rows(visibleRows(layers, parameters, { where }), parameters);
  }

  private async letSort(may: boolean): Promise<void> {
    await this.database.query(`SET LOCAL enable_sort = ${may ? 'on' : 'off'}`);
  }

  private async rows(sql: string, { values }: SqlParameters): Promise<StoredVersion[]> {
    return (await this.database.query<VersionRow>(sql, values)).map(versionOf);
  }

  /** One version, wherever it is seen. */
  async version({ branchId, recordId, fromSeq }: VersionKey): Promise<StoredVersion | null> {
    const sql = `SELECT * FROM record_versions WHERE branch_id = $1 AND record_id = $2 AND from_seq = $3
      AND segment_id IS NOT NULL`;
    return (await this.database.query<VersionRow>(sql, [branchId, recordId, fromSeq])).map(versionOf)[0] ?? null;
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

  /** Keeps segments, with their keys, from being taken away before the running transaction ends; false when one is gone. */
  async holdSegments(ids: readonly string[]): Promise<boolean> {
    if (ids.length === 0) return true;
    const sql = 'SELECT FROM segments WHERE id = ANY($1::uuid[]) ORDER BY id FOR KEY SHARE';
    return (await this.database.query(sql, [ids])).length === ids.length;
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

  async insertSegment(segment: NewSegment): Promise<void> {
    await this.insertSegments([segment]);
  }

  async insertSegments(segments: readonly NewSegment[]): Promise<void> {
    await this.stored.insert(segments);
  }

  /** Rows as `COPY … (FORMAT binary)` takes them, in the order of these columns. */
  async copyVersions(rows: Uint8Array, hasSaid: boolean): Promise<void> {
    await this.database.copyInto('record_versions', hasSaid ? SAID_COLUMNS : VERSION_COLUMNS, rows);
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
