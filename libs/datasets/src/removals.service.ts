import type { Audit } from '#audit';
import type { GrantsService } from '#auth';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { AllowedValuesService } from '#pii-rules';
import type { Outbox } from '#queue';
import { DatasetInUse, DatasetNotFound } from './dataset.errors.ts';
import type { Leftovers } from './leftovers.ts';
import type { RemovalRepository } from './removal.repository.ts';

export interface RemovalParts {
  database: Database;
  removals: RemovalRepository;
  grants: GrantsService;
  allowed: AllowedValuesService;
  leftovers: Leftovers;
  audit: Audit;
  outbox: Outbox;
}

/** Deletes datasets for good. */
export class RemovalsService {
  constructor(private readonly parts: RemovalParts) {}

  /**
   * Takes a dataset away with everything in it. The keys of its contents go with its rows: whatever copy of an object
   * there is somewhere, nobody can open it. The objects follow.
   *
   * @throws DatasetNotFound
   * @throws DatasetInUse while an import is running
   */
  async remove(caller: Principal, datasetId: string): Promise<void> {
    const { database, removals, grants, allowed, leftovers, audit, outbox } = this.parts;
    const resource = showId('ds', datasetId);
    await database.inTenant(caller.tenantId, async () => {
      if (!(await removals.lock(datasetId))) throw new DatasetNotFound();
      if (await removals.hasRunningImport(datasetId)) throw new DatasetInUse();
      const segments = await removals.remove(datasetId);
      await leftovers.release(caller.tenantId, resource, segments);
      await grants.forget(caller, datasetId);
      await allowed.forget(caller, datasetId);
      await audit.append(caller, { action: 'dataset.delete', resource, details: { segments: segments.length } });
      await outbox.tell(caller.tenantId, 'dataset.deleted', { dataset_id: resource });
    });
  }
}
