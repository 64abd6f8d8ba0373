import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { PlainReasons, TenantRules } from '#pii-rules';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { ContentHashing } from '../contents/content-hash.entity.ts';
import type { ContentHashesService } from '../contents/content-hashes.service.ts';
import { type Gate, hashesContents } from './gate.ts';

/** The gates of a dataset, and whether what they have to know of records is known. */
export interface Settings {
  gates: readonly Gate[];
  hashing: ContentHashing | null;
}

/** What holds for everything that comes into a dataset. */
export class SettingsService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly rules: Pick<TenantRules, 'naming'>,
    private readonly reasons: PlainReasons,
    private readonly contents: Pick<ContentHashesService, 'hold' | 'settle' | 'find'>,
    private readonly audit: Audit,
  ) {}

  /** @throws DatasetNotFound */
  get(caller: Principal, datasetId: string): Promise<Settings> {
    return this.database.inTenant(caller.tenantId, async () => {
      const { gates } = await this.datasets.mustFind(datasetId);
      return { gates, hashing: await this.contents.find(datasetId) };
    });
  }

  /** Holds for each commit that is published from then on. @throws DatasetNotFound, UnknownPiiType, ReasonPersonal */
  async put(caller: Principal, datasetId: string, wanted: readonly Gate[]): Promise<Settings> {
    const named = await this.rules.naming(caller.tenantId);
    const gates = wanted.map((gate) => ({
      ...gate,
      pii: gate.pii.map((rule) => ({ ...rule, types: rule.types && rule.types.map((type) => named(type)) })),
    }));
    for (const { reason } of gates.flatMap(({ pii }) => pii)) if (reason !== null) this.reasons.mustBePlain(reason);
    return this.database.inTenant(caller.tenantId, async () => {
      const { gates: before } = await this.datasets.mustFind(datasetId);
      if (hashesContents(gates) && !hashesContents(before)) await this.contents.hold(datasetId);
      await this.datasets.change(datasetId, { gates });
      const hashing = await this.contents.settle(caller, datasetId, hashesContents(gates));
      // Rules and reasons name nobody: they may be told.
      const details = { before: JSON.stringify(before), gates: JSON.stringify(gates) };
      await this.audit.append(caller, { action: 'dataset.gates', resource: showId('ds', datasetId), details });
      return { gates, hashing };
    });
  }
}
