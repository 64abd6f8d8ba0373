import type { Database } from '#database';
import type { DatasetRepository } from '../dataset.repository.ts';
import { type Chosen, DECIDED_AT_ONCE, type DecidedItem } from './decided.ts';
import { QuarantineEnded, QuarantineItemNotFound } from './quarantine.errors.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';

export interface ChosenItems {
  items: QuarantineItem[];
  hasMore: boolean;
  /** An answer for each that was asked for; of what nobody decided about, why not. */
  inOrder: (outcomes: ReadonlyMap<string, DecidedItem>) => DecidedItem[];
}

/** Finds what somebody decides about: by its ids, or what a filter fits of that which is held. */
export class QuarantineChoice {
  constructor(
    private readonly database: Database,
    private readonly datasets: Pick<DatasetRepository, 'mustFind'>,
    private readonly items: Pick<QuarantineRepository, 'findAll' | 'page'>,
  ) {}

  /** @throws DatasetNotFound */
  of(tenantId: string, datasetId: string, chosen: Chosen): Promise<ChosenItems> {
    return this.database.inTenant(tenantId, async () => {
      await this.datasets.mustFind(datasetId);
      if ('ids' in chosen) {
        const ids = [...new Set(chosen.ids)];
        return chosenOf(ids, await this.items.findAll(datasetId, ids), false);
      }
      const filter = { ...chosen.filter, status: 'held' } as const;
      const found = await this.items.page(datasetId, filter, DECIDED_AT_ONCE + 1, null);
      const items = found.slice(0, DECIDED_AT_ONCE);
      const ids = items.map(({ id }) => id);
      return chosenOf(ids, items, found.length > items.length);
    });
  }
}

function chosenOf(ids: readonly string[], items: QuarantineItem[], hasMore: boolean): ChosenItems {
  const known = new Map(items.map((item) => [item.id, item]));
  const inOrder: ChosenItems['inOrder'] = (outcomes) =>
    ids.map((id) => {
      const item = known.get(id) ?? null;
      const refused = item ? new QuarantineEnded() : new QuarantineItemNotFound();
      return outcomes.get(id) ?? { id, item, commitId: null, refused };
    });
  return { items, hasMore, inOrder };
}
