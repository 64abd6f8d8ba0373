import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { PlainReasons, TenantRules } from '#pii-rules';
import type { Dataset } from '../dataset.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Gate } from './gate.ts';

/** What holds for everything that comes into a dataset. */
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly rules: Pick<TenantRules, 'naming'>,
    private readonly reasons: PlainReasons,
    private readonly audit: Audit,
  ) {}

  /** @throws DatasetNotFound */
  get(caller: Principal, datasetId: string): Promise<Dataset> {
    return this.database.inTenant(caller.tenantId, () => this.datasets.mustFind(datasetId));
  }

  /** Holds for each commit that is published from then on. @throws DatasetNotFound, UnknownPiiType, ReasonPersonal */
  async put(caller: Principal, datasetId: string, wanted: readonly Gate[]): Promise<Dataset> {
    const named = await this.rules.naming(caller.tenantId);
    const gates = wanted.map((gate) => ({
      ...gate,
      pii: gate.pii.map((rule) => ({ ...rule, types: rule.types && rule.types.map((type) => named(type)) })),
    }));
    for (const { reason } of gates.flatMap(({ pii }) => pii)) if (reason !== null) this.reasons.mustBePlain(reason);
    return this.database.inTenant(caller.tenantId, async () => {
      const { gates: before } = await this.datasets.mustFind(datasetId);
      await this.datasets.change(datasetId, { gates });
      // Rules and reasons name nobody: they may be told.
      const details = { before: JSON.stringify(before), gates: JSON.stringify(gates) };
      await this.audit.append(caller, { action: 'dataset.gates', resource: showId('ds', datasetId), details });
      return this.datasets.mustFind(datasetId);
    });
  }
}
