import type { Database } from '#database';
import { Upload, UploadedFile, UploadPart } from './upload.entity.ts';

/** Days an upload is kept from its beginning, and then from when it is to be imported. */
export const UPLOAD_DAYS = 7;
const IMPORT_DAYS = 1;

export interface UploadTotals {
  bytes: number;
  /** Numbers that follow one another. */
  ranges: { from: number; to: number }[];
}

/** Uploads and their parts; every method runs in the caller's transaction. */
export class UploadRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(
    upload: Omit<Upload, 'createdAt' | 'expiresAt' | 'state' | 'jobId' | 'importId' | 'commitId'>,
  ): Promise<void> {
    const expiresAt = (): string => `now() + interval '${UPLOAD_DAYS} days'`;
    await this.database.repository(Upload).insert({ ...upload, state: 'open', expiresAt } as never);
  }

  /** One that has not expired, locked or not. */
  async find(id: string, lock?: 'pessimistic_read' | 'pessimistic_write'): Promise<Upload | null> {
    const query = this.database
      .repository(Upload)
      .createQueryBuilder('upload')
      .where('upload.id = :id AND upload.expiresAt > now()', { id });
    if (lock) query.setLock(lock);
    return query.getOne();
  }

  /** Newest first. */
  page(datasetId: string, limit: number, before: string | null): Promise<Upload[]> {
    const query = this.database
      .repository(Upload)
      .createQueryBuilder('upload')
      .where('upload.datasetId = :datasetId AND upload.expiresAt > now()', { datasetId })
      .orderBy('upload.id', 'DESC')
      .limit(limit);
    if (before) query.andWhere('upload.id < :before', { before });
    return query.getMany();
  }

  async underWay(): Promise<number> {
    return this.database
      .repository(Upload)
      .createQueryBuilder('upload')
      .where(`upload.state <> 'completed' AND upload.expiresAt > now()`)
      .getCount();
  }

  async update(id: string, change: Partial<Upload>): Promise<void> {
    await this.database.repository(Upload).update({ id }, change as never);
  }

  /** It is to be imported by this job, and stays until that had its time. */
  async beginImport(id: string, jobId: string): Promise<void> {
    await this.database.query(
      `UPDATE uploads SET state = 'importing', job_id = $2,
         expires_at = greatest(expires_at, now() + interval '${IMPORT_DAYS} days') WHERE id = $1`,
      [id, jobId],
    );
  }

  expired(): Promise<Upload[]> {
    return this.database
      .repository(Upload)
      .createQueryBuilder('upload')
      .where('upload.expiresAt <= now()')
      .limit(100)
      .getMany();
  }

  async remove(id: string): Promise<void> {
    await this.database.repository(Upload).delete({ id });
  }

  findPart(uploadId: string, number: number): Promise<UploadPart | null> {
    return this.database.repository(UploadPart).findOneBy({ uploadId, number });
  }

  /** False when there is one of that number. */
  async insertPart(part: UploadPart): Promise<boolean> {
    const { identifiers } = await this.database
      .repository(UploadPart)
      .createQueryBuilder()
      .insert()
      .values(part)
      .orIgnore()
      .returning('number')
      .execute();
    return identifiers.some((each) => each);
  }

  parts(uploadId: string): Promise<UploadPart[]> {
    return this.database.repository(UploadPart).find({ where: { uploadId }, order: { number: 'ASC' } });
  }

  /** Gives the names of their objects. */
  async removeParts(uploadId: string): Promise<string[]> {
    const sql = 'DELETE FROM upload_parts WHERE upload_id = $1 RETURNING object';
    return (await this.database.query<{ object: string }>(sql, [uploadId])).map(({ object }) => object);
  }

  async totals(uploadId: string): Promise<UploadTotals> {
    const rows = await this.database.query<{ from: number; to: number; bytes: number }>(
      `SELECT min(number)::int AS "from", max(number)::int AS "to", sum(bytes)::bigint AS bytes
         FROM (SELECT number, bytes, number - row_number() OVER (ORDER BY number) AS run
                 FROM upload_parts WHERE upload_id = $1) AS numbered
        GROUP BY run ORDER BY 1`,
      [uploadId],
    );
    return {
      ranges: rows.map(({ from, to }) => ({ from, to })),
      bytes: rows.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    };
  }

  findFile(datasetId: string, fingerprint: Buffer): Promise<UploadedFile | null> {
    return this.database.repository(UploadedFile).findOneBy({ datasetId, fingerprint });
  }

  /** Waits for whoever is just bringing in the same file; false when it is there already. */
  async insertFile({
    datasetId,
    fingerprint,
    tenantId,
    importId,
    commitId,
  }: Omit<UploadedFile, 'createdAt'>): Promise<boolean> {
    const rows = await this.database.query(
      `INSERT INTO uploaded_files (dataset_id, fingerprint, tenant_id, import_id, commit_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING 1 AS one`,
      [datasetId, fingerprint, tenantId, importId, commitId],
    );
    return rows.length > 0;
  }
}
