import type { Database } from '#database';
import { Import, ImportError } from './import.entity.ts';
import type { LineError } from './ingest/line-error.ts';

/** Past this without a sign of life an import's process is taken for dead. */
export const LEASE_SECONDS = 60;
const ERRORS_AT_ONCE = 5000;
/** By the clock of the database alone: by ours, a server whose clock is behind would be taken for dead while it works. */
const LEASE = (): string => `now() + interval '${LEASE_SECONDS} seconds'`;

/** Imports and their errors; every method runs in the caller's transaction. */
export class ImportRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(
    row: Pick<
      Import,
      'id' | 'tenantId' | 'datasetId' | 'commitId' | 'heldCommitId' | 'firstRecordId' | 'lastRecordId' | 'createdBy'
    >,
  ): Promise<void> {
    await this.database.repository(Import).insert({ ...row, state: 'running', leaseUntil: LEASE });
  }

  find(id: string): Promise<Import | null> {
    return this.database.repository(Import).findOneBy({ id });
  }

  /** Changes an import that still runs; false when it does not, because it was taken for dead. */
  async update(id: string, change: Partial<Import>): Promise<boolean> {
    const { affected } = await this.database
      .repository(Import)
      .createQueryBuilder()
      .update()
      .set(change as never)
      .where(`id = :id AND state = 'running'`, { id })
      .execute();
    return affected === 1;
  }

  renew(id: string): Promise<boolean> {
    return this.update(id, { leaseUntil: LEASE as never });
  }

  /** Running imports nobody renewed. */
  expired(): Promise<Import[]> {
    return this.database
      .repository(Import)
      .createQueryBuilder('import')
      .where(`import.state = 'running' AND import.leaseUntil < now()`)
      .getMany();
  }

  async insertErrors(tenantId: string, importId: string, errors: readonly LineError[]): Promise<void> {
    for (let at = 0; at < errors.length; at += ERRORS_AT_ONCE) {
      const some = errors.slice(at, at + ERRORS_AT_ONCE);
      const rows = some.map(({ column = null, path = null, ...rest }) => ({
        ...rest,
        column,
        path,
        tenantId,
        importId,
      }));
      await this.database.repository(ImportError).insert(rows);
    }
  }

  errors(importId: string, limit: number, afterLine: number): Promise<ImportError[]> {
    return this.database
      .repository(ImportError)
      .createQueryBuilder('error')
      .where('error.importId = :importId AND error.line > :afterLine', { importId, afterLine })
      .orderBy('error.line')
      .limit(limit)
      .getMany();
  }
}
