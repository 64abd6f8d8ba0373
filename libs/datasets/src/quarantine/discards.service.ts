import type { Audit } from '#audit';
import type { Database } from '#database';
import { currentContext, type Principal, showId } from '#kernel';
import type { PlainReasons } from '#pii-rules';
import type { AskDecision, Decided } from './decided.ts';
import type { QuarantineChoice } from './quarantine.choice.ts';
import type { QuarantineCounters } from './quarantine.counters.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';
import type { ReleasedOriginals } from './released.originals.ts';

export interface DiscardParts {
  database: Database;
  choice: QuarantineChoice;
  items: QuarantineRepository;
  originals: ReleasedOriginals;
  reasons: PlainReasons;
  counters: QuarantineCounters;
  audit: Audit;
}

/** Takes records that are held back away for good. */
export class DiscardsService {
  constructor(private readonly parts: DiscardParts) {}

  /**
   * Nobody sees them from then on. Where all that was sealed together was discarded, its key goes in the same transaction,
   * and the object follows.
   *
   * @throws DatasetNotFound, ReasonPersonal
   */
  async discard(caller: Principal, datasetId: string, { chosen, reason }: AskDecision): Promise<Decided> {
    const { database, choice, items, reasons } = this.parts;
    reasons.mustBePlain(reason);
    const found = await choice.of(caller.tenantId, datasetId, chosen);
    const ids = found.items.filter(({ status }) => status === 'held').map(({ id }) => id);
    return database.inTenant(caller.tenantId, async () => {
      const held = (await items.lock(datasetId, ids)).filter(({ status }) => status === 'held');
      if (held.length > 0) await this.takeAway(caller, datasetId, held, reason);
      const outcomes = new Map(held.map((item) => [item.id, { id: item.id, item, commitId: null, refused: null }]));
      return { items: found.inOrder(outcomes), commits: [], hasMore: found.hasMore };
    });
  }

  private async takeAway(
    caller: Principal,
    datasetId: string,
    held: readonly QuarantineItem[],
    reason: string,
  ): Promise<void> {
    const { database, items, originals, counters, audit } = this.parts;
    const versions = [...(await items.versions(held)).values()];
    await items.decide(held, {
      status: 'discarded',
      reason,
      decidedBy: caller.id,
      releasedAs: null,
      anonymization: null,
    });
    database.afterCommit(() => counters.counted('discarded', held.length));
    const segments = await originals.remove(caller.tenantId, datasetId, held, versions);
    const dataset = showId('ds', datasetId);
    const context = currentContext();
    const acts = held.map(({ id, recordId }) => ({
      actor: caller,
      entry: {
        action: 'record.discard',
        resource: showId('rec', recordId),
        details: { dataset, item: showId('qi', id) },
      },
      context,
    }));
    await audit.appendAll(acts);
    const details = { records: held.length, segments };
    await audit.append(caller, { action: 'quarantine.discard', resource: dataset, reason, details });
  }
}
