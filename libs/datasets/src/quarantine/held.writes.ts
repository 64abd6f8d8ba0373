import type { Audit } from '#audit';
import { newId, showId } from '#kernel';
import type { TraceRepository } from '../contents/trace.repository.ts';
import { tracesOf, typesOf } from '../gates/gate.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { HeldBranch } from '../writes/branch.writer.ts';
import type { Change, NextVersion } from '../writes/change.ts';
import type { ChangeRepository } from '../writes/change.repository.ts';
import type { SealedSegment } from '../writes/record.sealer.ts';
import { etagOf, type PreparedWrite, type Written } from '../writes/write.ts';
import type { Holding } from './holding.ts';
import type { HeldAction } from './quarantine-item.entity.ts';
import type { NewItem, QuarantineRepository } from './quarantine.repository.ts';

/** A write that a gate holds back, and what it would have done. */
export interface HeldWrite {
  write: PreparedWrite;
  change: Change & { after: NextVersion };
}

/** Keeps what single writes brought and a gate holds back: the branch stays as it is. */
export class HeldWrites {
  constructor(
    private readonly holding: Holding,
    private readonly items: QuarantineRepository,
    private readonly records: Pick<RecordRepository, 'insertSegments'>,
    private readonly changes: Pick<ChangeRepository, 'insertVersions' | 'insertFindings'>,
    private readonly traces: Pick<TraceRepository, 'insert'>,
    private readonly audit: Audit,
  ) {}

  /**
   * In the caller's transaction, which holds the branch. No two are about the same record.
   *
   * @param segments that nothing else was made for
   */
  async keep(held: HeldBranch, writes: readonly HeldWrite[], segments: readonly SealedSegment[]): Promise<Written[]> {
    const { tenantId, datasetId, name } = held.branch;
    const commit = await this.holding.stage(writes[0]!.write.author, { tenantId, datasetId }, 'Hold records back');
    await this.holding.keep(commit.id, writes.length);
    await this.records.insertSegments(segments.map((segment) => ({ ...segment, commitId: commit.id })));
    const versions = writes.map(({ change: { recordId, after } }) => ({ recordId, fromSeq: commit.seq, next: after }));
    await this.changes.insertVersions(commit, versions);
    await this.changes.insertFindings(commit, versions);
    const changes = writes.map(({ change }) => change);
    await this.traces.insert(commit, tracesOf(held.gates), changes);
    const items = writes.map(itemOf);
    const { id: commitId, branchId: holdingId, seq: fromSeq } = commit;
    await this.items.insert({ tenantId, datasetId, branch: name!, holdingId, fromSeq, commitId }, items);
    await this.tell(held, writes, items);
    return writes.map(({ change: { recordId, after } }, i) => {
      const { id, types } = items[i]!;
      return { recordId, commit: held.head, version: after, held: { id, types } };
    });
  }

  private async tell({ branch }: HeldBranch, writes: readonly HeldWrite[], items: readonly NewItem[]): Promise<void> {
    const dataset = showId('ds', branch.datasetId);
    await this.audit.appendAll(
      writes.map(({ write: { author, context }, change }, i) => ({
        actor: author,
        entry: {
          action: 'record.quarantine',
          resource: showId('rec', change.recordId),
          details: { dataset, branch: branch.name!, item: showId('qi', items[i]!.id) },
        },
        context,
      })),
    );
  }
}

function itemOf({ write: { action, author }, change: { recordId, before, after } }: HeldWrite): NewItem {
  const found = Array.isArray(after.findings) ? after.findings : [];
  return {
    id: newId(),
    recordId,
    action: action.slice('record.'.length) as HeldAction,
    basedOn: before && etagOf(before),
    importId: null,
    segmentId: after.segmentId,
    types: typesOf(found),
    risk: after.risk,
    createdBy: author.id,
  };
}
