import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { PlainReasons, TenantRules } from '#pii-rules';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { KeptProgress } from '../contents/content-hashing.repository.ts';
import type { ContentSketchesService } from '../contents/content-sketches.service.ts';
import { isTraced } from '../contents/traces.ts';
import type { ContentHashesService } from '../contents/content-hashes.service.ts';
import { type Gate, tracesOf } from './gate.ts';

/** The gates of a dataset, and whether what they have to know of records is known. */
export interface Settings {
  gates: readonly Gate[];
  hashing: KeptProgress | null;
  sketching: KeptProgress | null;
}

export interface SettingsParts {
  database: Database;
  datasets: DatasetRepository;
  rules: Pick<TenantRules, 'naming'>;
  reasons: PlainReasons;
  hashes: Pick<ContentHashesService, 'hold' | 'settle' | 'find'>;
  sketches: Pick<ContentSketchesService, 'settle' | 'find'>;
  audit: Audit;
}

/** What holds for everything that comes into a dataset. */
export class SettingsService {
  constructor(private readonly parts: SettingsParts) {}

  /** @throws DatasetNotFound */
  get(caller: Principal, datasetId: string): Promise<Settings> {
    const { database, datasets, hashes, sketches } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const { gates } = await datasets.mustFind(datasetId);
      return { gates, hashing: await hashes.find(datasetId), sketching: await sketches.find(datasetId) };
    });
  }

  /** Holds for each commit that is published from then on. @throws DatasetNotFound, UnknownPiiType, ReasonPersonal */
  async put(caller: Principal, datasetId: string, wanted: readonly Gate[]): Promise<Settings> {
    const { database, datasets, rules, reasons, hashes, sketches, audit } = this.parts;
    const named = await rules.naming(caller.tenantId);
    const gates = wanted.map((gate) => ({
      ...gate,
      pii: gate.pii.map((rule) => ({ ...rule, types: rule.types && rule.types.map((type) => named(type)) })),
    }));
    for (const { reason } of gates.flatMap(({ pii }) => pii)) if (reason !== null) reasons.mustBePlain(reason);
    return database.inTenant(caller.tenantId, async () => {
      const { gates: before } = await datasets.mustFind(datasetId);
      const asked = tracesOf(gates);
      if (!isTraced(tracesOf(before), asked)) await hashes.hold(datasetId);
      await datasets.change(datasetId, { gates });
      const hashing = await hashes.settle(caller, datasetId, asked.hashes);
      const sketching = await sketches.settle(caller, datasetId, asked.sketches ?? false);
      // Rules and reasons name nobody: they may be told.
      const details = { before: JSON.stringify(before), gates: JSON.stringify(gates) };
      await audit.append(caller, { action: 'dataset.gates', resource: showId('ds', datasetId), details });
      return { gates, hashing, sketching };
    });
  }
}
