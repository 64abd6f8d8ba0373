import type { Database } from '#database';
import type { DatasetSchema } from './dataset-schema.entity.ts';
import type { RecordRules } from './record.check.ts';
import type { SchemaRepository } from './schema.repository.ts';

export interface KnownRules {
  /** Of the dataset's schema; 0 where it has none. */
  version: number;
  /** Null where records may be anything: then nothing is done that would cost time. */
  rules: RecordRules | null;
}

/** Datasets whose rules are remembered. */
const KEPT = 1000;

/**
 * What each dataset asks of its records. What is remembered may be out of date: whoever commits compares the version
 * under the lock of the branch, and has it forgotten when it is another one.
 */
export class RecordRulesOf {
  private readonly remembered = new Map<string, KnownRules>();

  constructor(
    private readonly database: Database,
    private readonly schemas: SchemaRepository,
  ) {}

  async of(tenantId: string, datasetId: string): Promise<KnownRules> {
    return this.remembered.get(`${tenantId} ${datasetId}`) ?? this.fresh(tenantId, datasetId);
  }

  async fresh(tenantId: string, datasetId: string): Promise<KnownRules> {
    const found = await this.database.inTenant(tenantId, () => this.schemas.current(datasetId));
    const known = { version: found?.version ?? 0, rules: found && rulesOf(datasetId, found) };
    if (this.remembered.size >= KEPT) this.remembered.clear();
    this.remembered.set(`${tenantId} ${datasetId}`, known);
    return known;
  }

  forget(tenantId: string, datasetId: string): void {
    this.remembered.delete(`${tenantId} ${datasetId}`);
  }
}

type Said = Pick<DatasetSchema, 'version' | 'recordKind' | 'schema'>;

export function rulesOf(datasetId: string, { version, recordKind, schema }: Said): RecordRules | null {
  if (recordKind === 'free' && schema === null) return null;
  return { id: `${datasetId} ${version}`, kind: recordKind, schema };
}
