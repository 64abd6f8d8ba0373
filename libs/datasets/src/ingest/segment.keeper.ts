import type { WrappedSegmentKey } from '#crypto';
import type { Database } from '#database';
import type { BlobStore } from '#storage';
import type { StagedCommit } from '../commit.writer.ts';
import { VersionConflict } from '../dataset.errors.ts';
import type { TraceRepository } from '../contents/trace.repository.ts';
import type { Traces } from '../contents/traces.ts';
import type { Gate } from '../gates/gate.ts';
import type { QuarantineRepository } from '../quarantine/quarantine.repository.ts';
import type { RecordRepository } from '../record.repository.ts';
import { sealedColumnsOf } from '../segment-key.ts';
import type { MadeSegment, SegmentResult } from './segment.task.ts';

export interface IngestTarget {
  importId: string;
  commit: StagedCommit;
  startMs: number;
  /** Null where no gate holds anything back. */
  hold: HoldTarget | null;
  /** What gates of the dataset have to know of what records say. */
  traces: Traces;
}

/** Under which commit the records go that the gates of a branch hold back. */
export interface HoldTarget {
  gates: Gate[];
  branch: string;
  commit: StagedCommit;
}

/** The id and the key that a segment was made with. */
export interface SegmentName {
  segmentId: string;
  wrapped: WrappedSegmentKey;
}

interface Keep extends SegmentName {
  commitId: string;
  made: MadeSegment;
}

/** Puts away what threads made of a batch: objects first, rows next, all rows of a batch at once. */
export class SegmentKeeper {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly records: RecordRepository,
    private readonly quarantine: Pick<QuarantineRepository, 'insert'>,
    private readonly traces: Pick<TraceRepository, 'copy'>,
  ) {}

  /** @throws VersionConflict */
  async keep(
    target: IngestTarget,
    result: Pick<SegmentResult, 'segment' | 'held'>,
    names: { segment: SegmentName; held: SegmentName | null },
  ): Promise<void> {
    const { commit, hold } = target;
    const all: Keep[] = [];
    if (result.segment) all.push({ ...names.segment, commitId: commit.id, made: result.segment });
    if (hold && names.held && result.held) {
      all.push({ ...names.held, commitId: hold.commit.id, made: result.held.segment });
    }
    for (const { segmentId, made } of all) await this.blobs.put(segmentId, made.sealed);
    await this.database.inTenant(commit.tenantId, async () => {
      // Given up meanwhile, because this process was taken for dead: what comes now would never be cleared.
      if (!(await this.records.holdStaged(commit.id))) throw new VersionConflict();
      for (const each of all) await this.insert(commit, each);
      if (hold && names.held && result.held) await this.hold(target, hold, names.held, result.held);
    });
  }

  private async insert(
    { tenantId, datasetId }: StagedCommit,
    { segmentId, wrapped, commitId, made }: Keep,
  ): Promise<void> {
    await this.records.insertSegment({
      id: segmentId,
      tenantId,
      datasetId,
      commitId,
      ...sealedColumnsOf(wrapped, { ...made, bytes: made.sealed, records: made.leaves.length / 32 }),
    });
    await this.records.copyVersions(made.versions, made.hasSaid);
    if (made.findings) await this.records.copyFindings(made.findings);
    await this.traces.copy(made);
  }

  private hold(
    { importId }: IngestTarget,
    { branch, commit }: HoldTarget,
    { segmentId }: SegmentName,
    { records }: NonNullable<SegmentResult['held']>,
  ): Promise<void> {
    const { tenantId, datasetId, id: commitId, branchId: holdingId, seq: fromSeq, author } = commit;
    const items = records.map(({ recordId, types, risk }) => ({
      // A new record is held back once: one id does for both.
      id: recordId,
      recordId,
      action: 'import' as const,
      basedOn: null,
      importId,
      segmentId,
      types,
      risk,
      createdBy: author.id,
    }));
    return this.quarantine.insert({ tenantId, datasetId, branch, holdingId, fromSeq, commitId }, items);
  }
}
