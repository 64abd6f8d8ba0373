import type { KeyService, WrappedSegmentKey } from '#crypto';
import type { Database } from '#database';
import { newId } from '#kernel';
import type { TenantRules } from '#pii-rules';
import type { BlobStore } from '#storage';
import type { WorkerPool } from '#workers';
import type { StagedCommit } from '../commit.writer.ts';
import { VersionConflict } from '../dataset.errors.ts';
import type { RecordRepository } from '../record.repository.ts';
import { keyColumnsOf } from '../segment-key.ts';
import type { LineSource, RowErrors } from '../formats/line.source.ts';
import type { KnownRules, RecordRulesOf } from '../schemas/record.rules.ts';
import { addStatistics } from '../statistics.ts';
import { type Ingested, nothingIngested } from './ingested.ts';
import { type BatchLimits, batchLines, type LineBatch } from './line-batcher.ts';
import { ERRORS_KEPT, mergeErrors } from './line-error.ts';
import type { AnonymizeTask, MadeSegment, SegmentResult, SegmentTask } from './segment.task.ts';

export interface IngestTarget {
  importId: string;
  commit: StagedCommit;
  startMs: number;
}

export interface IngestOptions {
  /** All or nothing: after the first wrong line nothing is kept, and the rest is only looked at. */
  strict: boolean;
  /** Everything but keeping it. */
  dryRun?: boolean;
  anonymize: AnonymizeTask | null;
  signal: AbortSignal;
  /** Called with the records done so far. */
  progress?: (records: number) => Promise<void>;
}

export interface IngestParts {
  database: Database;
  blobs: BlobStore;
  keys: KeyService;
  pool: WorkerPool<SegmentTask, SegmentResult>;
  records: RecordRepository;
  rules: Pick<TenantRules, 'of'>;
  recordRules: Pick<RecordRulesOf, 'fresh'>;
  minConfidence: number;
  /** Batches under way at once; memory is about four times this many batches. */
  parallel: number;
}

/** The thread overwrites what it is given, and gets a copy. */
const NO_KEY = { key: new Uint8Array(32), wrapped: null };

/** Operators make text longer, and a segment has a limit: so it begins with less. */
const ANONYMIZED: BatchLimits = { bytes: 1024 * 1024, lines: 32_768 };

/** Lines in, segments and rows out: batches go to threads, and what comes back is put away, blob first, rows next. One set of rules for all. */
export class Ingest {
  constructor(private readonly parts: IngestParts) {}

  async run(source: LineSource, target: IngestTarget, options: IngestOptions): Promise<Ingested> {
    const rules = await this.parts.rules.of(target.commit.tenantId);
    const asked = await this.parts.recordRules.fresh(target.commit.tenantId, target.commit.datasetId);
    const run = new IngestRun(this.parts, target, options, { rules, asked });
    try {
      for await (const batch of batchLines(source.lines, options.anonymize ? ANONYMIZED : undefined)) {
        options.signal.throwIfAborted();
        await run.add(batch);
      }
      return await run.finish(source.errors);
    } finally {
      // What is under way still writes: whoever clears up after a failure must not do it before.
      await run.settled();
    }
  }
}

class IngestRun {
  private readonly total = nothingIngested();
  private readonly running = new Set<Promise<void>>();
  /** Leaves are added in the order of the file, whichever batch is done first. */
  private inOrder: Promise<void> = Promise.resolve();
  private failure: Error | null = null;

  constructor(
    private readonly parts: IngestParts,
    private readonly target: IngestTarget,
    private readonly options: IngestOptions,
    private readonly by: { rules: SegmentTask['rules']; asked: KnownRules },
  ) {}

  async add(batch: LineBatch): Promise<void> {
    while (this.running.size >= this.parts.parallel) await Promise.race(this.running);
    if (this.failure) throw this.failure;
    const made = this.make(batch);
    const earlier = this.inOrder;
    this.inOrder = made.then(async (result) => {
      await earlier;
      this.count(result);
    });
    this.inOrder.catch(() => undefined);
    const work = made
      .then(() => this.inOrder)
      .then(() => this.options.progress?.(this.total.statistics.records))
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error('ingest failed', { cause: error });
      })
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  /** @param unread what the reader of the file could make no line of */
  async finish(unread: RowErrors): Promise<Ingested> {
    await this.settled();
    if (this.failure) throw this.failure;
    const { total } = this;
    const errors = mergeErrors(total.errors, unread.told);
    const { version: schemaVersion } = this.by.asked;
    return { ...total, schemaVersion, rejected: total.rejected + unread.count, errors };
  }

  private async make(batch: LineBatch): Promise<SegmentResult> {
    const { keys, pool, minConfidence } = this.parts;
    const { commit, startMs } = this.target;
    const { strict, dryRun = false, anonymize, signal } = this.options;
    const segmentId = newId();
    const place = { tenantId: commit.tenantId, datasetId: commit.datasetId, segmentId };
    // What is not kept is not sealed.
    const { key, wrapped } = dryRun ? NO_KEY : await keys.newSegmentKey(place);
    const result = await pool.run(
      {
        ...place,
        key,
        subjectKey: await keys.tenantSecret(commit.tenantId, 'subject-index'),
        lines: batch.bytes,
        firstLine: batch.firstLine,
        offset: batch.offset,
        startMs,
        branchId: commit.branchId,
        seq: commit.seq,
        minConfidence,
        rules: this.by.rules,
        check: this.by.asked.rules,
        checkOnly: strict && !dryRun && this.total.rejected > 0,
        dryRun,
        anonymize,
      },
      { transfer: [batch.bytes.buffer], signal },
    );
    for (const line of batch.tooLong) result.errors.push({ line, reason: 'longer than 4 MiB' });
    result.rejected += batch.tooLong.length;
    if (result.segment && wrapped) await this.keep(segmentId, result.segment, result, wrapped);
    return result;
  }

  private async keep(
    segmentId: string,
    made: MadeSegment,
    { statistics }: SegmentResult,
    wrapped: WrappedSegmentKey,
  ): Promise<void> {
    const { blobs, database, records } = this.parts;
    const { commit } = this.target;
    await blobs.put(segmentId, made.sealed);
    await database.inTenant(commit.tenantId, async () => {
      // Given up meanwhile, because this process was taken for dead: what comes now would never be cleared.
      if (!(await records.holdStaged(commit.id))) throw new VersionConflict();
      await records.insertSegment({
        id: segmentId,
        tenantId: commit.tenantId,
        datasetId: commit.datasetId,
        commitId: commit.id,
        formatVersion: 1,
        ...keyColumnsOf(wrapped),
        noncePrefix: Buffer.from(made.noncePrefix),
        blockOffsets: made.blockOffsets,
        records: statistics.records,
        plainBytes: made.plainBytes,
        sealedBytes: made.sealed.length,
      });
      await records.copyVersions(made.versions);
      if (made.findings) await records.copyFindings(made.findings);
    });
  }

  private count(result: SegmentResult): void {
    const { total } = this;
    if (result.segment) total.leaves.appendMany(result.segment.leaves);
    addStatistics(total.statistics, result.statistics);
    total.rejected += result.rejected;
    total.errors.push(...result.errors.slice(0, ERRORS_KEPT - total.errors.length));
    for (const { type, operator, count } of result.anonymized?.applied ?? []) {
      const name = `${type} ${operator}`;
      total.anonymized.set(name, (total.anonymized.get(name) ?? 0) + count);
    }
    total.residual += result.anonymized?.residual ?? 0;
  }
}
