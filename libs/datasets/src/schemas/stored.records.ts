import { type Issue, showId } from '#kernel';
import type { Database } from '#database';
import type { Layer } from '../layers.ts';
import { joined } from '../json-lines.ts';
import type { RecordReader } from '../record.reader.ts';
import { pagesOf } from '../record-pages.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { RecordRules } from './record.check.ts';
import { SchemaMismatch } from './schema.errors.ts';
import type { SchemaPool } from './schema.tasks.ts';

const AT_ONCE = 500;
const SHOWN = 100;

/** Records that do not fit: how many, and the places of the first. */
export interface Unfit {
  count: number;
  issues: Issue[];
}

/** Looks at records that are stored already. */
export class StoredRecords {
  constructor(
    private readonly database: Database,
    private readonly records: RecordRepository,
    private readonly reader: RecordReader,
    private readonly pool: SchemaPool,
  ) {}

  /** Of everything that is seen through the layers. */
  async unfitIn(tenantId: string, rules: RecordRules, layers: readonly Layer[]): Promise<Unfit> {
    const unfit: Unfit = { count: 0, issues: [] };
    for await (const rows of pagesOf(this.database, this.records, { tenantId, layers }, AT_ONCE))
      await this.look(tenantId, rules, rows, unfit);
    return unfit;
  }

  /** @throws SchemaMismatch */
  async mustFit(tenantId: string, rules: RecordRules, rows: readonly StoredVersion[]): Promise<void> {
    const unfit = await this.unfitAmong(tenantId, rules, rows);
    if (unfit.count > 0) throw new SchemaMismatch().with({ issues: unfit.issues });
  }

  async unfitAmong(tenantId: string, rules: RecordRules, rows: readonly StoredVersion[]): Promise<Unfit> {
    const unfit: Unfit = { count: 0, issues: [] };
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      await this.look(tenantId, rules, rows.slice(at, at + AT_ONCE), unfit);
    }
    return unfit;
  }

  private async look(tenantId: string, check: RecordRules, rows: StoredVersion[], unfit: Unfit): Promise<void> {
    const lines = joined(await this.reader.scattered(tenantId, rows));
    const { wrong } = await this.pool.run({ kind: 'schema-check', lines, check });
    unfit.count += wrong.length;
    for (const { index, path, reason } of wrong.slice(0, SHOWN - unfit.issues.length)) {
      const { recordId } = rows[index]!;
      unfit.issues.push({ pointer: `/${showId('rec', recordId)}/content${path}`, detail: reason });
    }
  }
}
