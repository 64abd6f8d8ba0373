import type { Database } from '#database';
import type { DatasetRepository } from '../dataset.repository.ts';
import { isTraced, type Traces } from '../contents/traces.ts';
import { type Gate, tracesOf } from '../gates/gate.ts';
import type { DatasetSchema } from './dataset-schema.entity.ts';
import type { RecordRules } from './record.check.ts';
import type { SchemaRepository } from './schema.repository.ts';

export interface KnownRules {
  /** Of the dataset's schema; 0 where it has none. */
  version: number;
  /** Null where records may be anything: then nothing is done that would cost time. */
  rules: RecordRules | null;
  /** What gates of the dataset have to know of what records say. */
  traces: Traces;
}

/** Datasets whose rules are remembered. */
const KEPT = 1000;

/**
 * What each dataset asks of its records. What is remembered may be out of date: whoever commits asks `isMadeBy` under the
 * lock of the branch, and has it forgotten when more is asked by then.
 */
export class RecordRulesOf {
  private readonly remembered = new Map<string, KnownRules>();

  constructor(
    private readonly database: Database,
    private readonly schemas: SchemaRepository,
    private readonly datasets: Pick<DatasetRepository, 'find'>,
  ) {}

  async of(tenantId: string, datasetId: string): Promise<KnownRules> {
    return this.remembered.get(`${tenantId} ${datasetId}`) ?? this.fresh(tenantId, datasetId);
  }

  async fresh(tenantId: string, datasetId: string): Promise<KnownRules> {
    const known = await this.database.inTenant(tenantId, async () => {
      const found = await this.schemas.current(datasetId);
      const { gates = [] } = (await this.datasets.find(datasetId)) ?? {};
      const rules = found && rulesOf(datasetId, found);
      return { version: found?.version ?? 0, rules, traces: tracesOf(gates) };
    });
    if (this.remembered.size >= KEPT) this.remembered.clear();
    this.remembered.set(`${tenantId} ${datasetId}`, known);
    return known;
  }

  forget(tenantId: string, datasetId: string): void {
    this.remembered.delete(`${tenantId} ${datasetId}`);
  }
}

/** Whether what was made of records by these rules may come onto a branch that is held: its dataset asks nothing else by now. */
export function isMadeBy(
  { version, traces }: Omit<KnownRules, 'rules'>,
  held: { schemaVersion: number; gates: readonly Gate[] },
): boolean {
  return held.schemaVersion === version && isTraced(traces, tracesOf(held.gates));
}

type Said = Pick<DatasetSchema, 'version' | 'recordKind' | 'schema'>;

export function rulesOf(datasetId: string, { version, recordKind, schema }: Said): RecordRules | null {
  if (recordKind === 'free' && schema === null) return null;
  return { id: `${datasetId} ${version}`, kind: recordKind, schema };
}
