import type { KeyService, WrappedSegmentKey } from '#crypto';
import { newId } from '#kernel';
import type { TenantRules } from '#pii-rules';
import type { WorkerPool } from '#workers';
import { traceKeys } from '../contents/trace.keys.ts';
import type { LineSource, RowErrors } from '../formats/line.source.ts';
import type { Gate } from '../gates/gate.ts';
import type { KnownRules, RecordRulesOf } from '../schemas/record.rules.ts';
import { addStatistics } from '../statistics.ts';
import { type Ingested, nothingIngested } from './ingested.ts';
import { type BatchLimits, batchLines, type LineBatch } from './line-batcher.ts';
import { ERRORS_KEPT, mergeErrors } from './line-error.ts';
import type { IngestTarget, SegmentKeeper } from './segment.keeper.ts';
import type { AnonymizeTask, HoldTask, SaidFrom, SegmentResult, SegmentTask, TriedLine } from './segment.task.ts';

export interface IngestOptions {
  /** All or nothing: after the first wrong line nothing is kept, and the rest is only looked at. */
  strict: boolean;
  /** Everything but keeping it. */
  dryRun?: boolean;
  anonymize: AnonymizeTask | null;
  /** Where lines say more of their records. */
  saidFrom?: SaidFrom;
  signal: AbortSignal;
  /** Of a dry run: what is said of each line that would be kept, in the order of the file. */
  judge?: LineJudge | null;
  /** Called with the records done so far. */
  progress?: (records: number) => Promise<void>;
}

/** Says what gates would say of a file of which nothing is kept. */
export interface LineJudge {
  readonly gates: readonly Gate[];
  take(lines: readonly TriedLine[]): Promise<void>;
}

export interface IngestParts {
  keys: KeyService;
  pool: WorkerPool<SegmentTask, SegmentResult>;
  keeper: Pick<SegmentKeeper, 'keep'>;
  rules: Pick<TenantRules, 'of'>;
  recordRules: Pick<RecordRulesOf, 'fresh'>;
  minConfidence: number;
  /** Batches under way at once; memory is about four times this many batches. */
  parallel: number;
}

interface NewKey {
  segmentId: string;
  key: Uint8Array;
  /** Null for what is not kept. */
  wrapped: WrappedSegmentKey | null;
}

/** The thread overwrites what it is given, and gets a copy. */
const NO_KEY: NewKey = { segmentId: newId(), key: new Uint8Array(32), wrapped: null };

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
      if (result.tried) await this.options.judge?.take(result.tried);
    });
    this.inOrder.catch(() => undefined);
    const work = made
      .then(() => this.inOrder)
      .then(() => this.options.progress?.(this.total.statistics.records + this.total.quarantined))
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
    const { keys, pool, keeper, minConfidence } = this.parts;
    const { commit, startMs, hold, traces } = this.target;
    const { strict, dryRun = false, anonymize, saidFrom = null, judge = null, signal } = this.options;
    const { segmentId, key, wrapped } = await this.newKey();
    const heldKey = hold && (await this.newKey());
    const result = await pool.run(
      {
        tenantId: commit.tenantId,
        datasetId: commit.datasetId,
        segmentId,
        key,
        subjectKey: await keys.tenantSecret(commit.tenantId, 'subject-index'),
        ...(await traceKeys(keys, commit.tenantId, traces)),
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
        hold: heldKey && this.holdTask(heldKey),
        saidFrom,
        judge: judge && judge.gates,
      },
      { transfer: [batch.bytes.buffer], signal },
    );
    for (const line of batch.tooLong) result.errors.push({ line, reason: 'longer than 4 MiB' });
    result.rejected += batch.tooLong.length;
    if (wrapped && (result.segment || result.held)) {
      const held = heldKey?.wrapped ? { segmentId: heldKey.segmentId, wrapped: heldKey.wrapped } : null;
      await keeper.keep(this.target, result, { segment: { segmentId, wrapped }, held });
    }
    return result;
  }

  /** What is not kept is not sealed. */
  private async newKey(): Promise<NewKey> {
    if (this.options.dryRun) return NO_KEY;
    const { tenantId, datasetId } = this.target.commit;
    const segmentId = newId();
    return { segmentId, ...(await this.parts.keys.newSegmentKey({ tenantId, datasetId, segmentId })) };
  }

  private holdTask({ segmentId, key }: NewKey): HoldTask {
    const { gates, commit } = this.target.hold!;
    return { gates, branchId: commit.branchId, seq: commit.seq, segmentId, key };
  }

  private count(result: SegmentResult): void {
    const { total } = this;
    if (result.segment) total.leaves.appendMany(result.segment.leaves);
    addStatistics(total.statistics, result.statistics);
    total.quarantined += result.quarantined;
    total.rejected += result.rejected;
    total.errors.push(...result.errors.slice(0, ERRORS_KEPT - total.errors.length));
    for (const { type, operator, count } of result.anonymized?.applied ?? []) {
      const name = `${type} ${operator}`;
      total.anonymized.set(name, (total.anonymized.get(name) ?? 0) + count);
    }
    total.residual += result.anonymized?.residual ?? 0;
  }
}
