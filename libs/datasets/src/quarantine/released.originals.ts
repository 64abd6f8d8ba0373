import { showId } from '#kernel';
import type { TraceRepository } from '../contents/trace.repository.ts';
import type { Leftovers } from '../leftovers.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';

/** Takes away for good what records were before they were released as something else, or discarded. */
export class ReleasedOriginals {
  constructor(
    private readonly items: Pick<QuarantineRepository, 'removeEmptied'>,
    private readonly traces: Pick<TraceRepository, 'remove'>,
    private readonly leftovers: Pick<Leftovers, 'release'>,
  ) {}

  /**
   * In the caller's transaction, which has decided about them. Where nothing that was sealed together is needed any more its key
   * goes with it, and the object follows. @returns how many segments that were
   */
  async remove(
    tenantId: string,
    datasetId: string,
    items: readonly QuarantineItem[],
    versions: readonly StoredVersion[],
  ): Promise<number> {
    await this.traces.remove(datasetId, versions);
    const emptied = await this.items.removeEmptied(items);
    await this.leftovers.release(tenantId, showId('ds', datasetId), emptied);
    return emptied.length;
  }
}
