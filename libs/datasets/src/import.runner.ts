import type { Database } from '#database';
import { type Issue, type Log, type Principal, showId, VaultError } from '#kernel';
import type { BlobStore } from '#storage';
import type { Branch } from './branch.entity.ts';
import type { CommitWriter, StagedCommit } from './commit.writer.ts';
import { ImportEmpty, ImportRejected, VersionConflict } from './dataset.errors.ts';
import type { Import } from './import.entity.ts';
import { type ImportRepository, LEASE_SECONDS } from './import.repository.ts';
import { SPOOL_PREFIX } from './formats/spool.ts';
import type { ImportForesight } from './gates/import.foresight.ts';
import { issuesOf, rowName } from './import.issue.ts';
import type { Ingest, IngestOptions } from './ingest/ingest.ts';
import type { Ingested } from './ingest/ingested.ts';
import type { LineSource } from './formats/line.source.ts';
import type { IngestTarget } from './ingest/segment.keeper.ts';
import type { StagedImports } from './staged.imports.ts';
import { deleteOlder } from './sweeping.ts';

const SPOOL_HOURS = 48;

export interface RunImport {
  author: Principal;
  branch: Branch;
  message: string;
  source: LineSource;
  options: Omit<IngestOptions, 'signal'> & { signal?: AbortSignal };
  /** Told of the import before anything is read. */
  begun?: (importId: string) => Promise<void>;
  /** Done in the transaction that publishes. */
  also?: (importId: string, commitId: string, ingested: Ingested) => Promise<void>;
}

export interface ImportRunnerParts {
  database: Database;
  imports: ImportRepository;
  staged: StagedImports;
  commits: Pick<CommitWriter, 'publish'>;
  ingest: Ingest;
  foresight: Pick<ImportForesight, 'before'>;
  blobs: BlobStore;
  log: Log;
}

/** Brings lines into a branch as one commit: everything of it becomes visible at once, or nothing ever does. */
export class ImportRunner {
  constructor(private readonly parts: ImportRunnerParts) {}

  /** @throws ImportEmpty, ImportRejected, StreamBroken, InflatesTooFar, FileUnreadable, VersionConflict */
  async run(run: RunImport): Promise<Import> {
    const target = await this.parts.staged.begin(run);
    const lease = this.holdLease(target);
    const signal = run.options.signal ? AbortSignal.any([run.options.signal, lease.lost]) : lease.lost;
    try {
      await run.begun?.(target.importId);
      const ingested = await this.parts.ingest.run(run.source, target, { ...run.options, signal });
      await this.judge(ingested, run, target);
      await this.publish(target, run, ingested);
    } catch (error) {
      if (!(await this.landed(target, error))) throw error;
    } finally {
      lease.release();
    }
    return this.parts.database.inTenant(
      run.author.tenantId,
      async () => (await this.parts.imports.find(target.importId))!,
    );
  }

  /**
   * All of an import but what it would leave, with what gates would say of it: nothing is written.
   *
   * @throws StreamBroken, InflatesTooFar, FileUnreadable
   */
  async tryOut(run: RunImport): Promise<{ ingested: Ingested; gates: Issue[] }> {
    const { staged, ingest, foresight } = this.parts;
    const signal = run.options.signal ?? new AbortController().signal;
    const judge = await foresight.before(run.branch);
    const options = { ...run.options, signal, dryRun: true, judge };
    const ingested = await ingest.run(run.source, await staged.trial(run), options);
    return { ingested, gates: judge ? judge.issues(rowName(run.source.report.type)) : [] };
  }

  /** Takes away what an import staged, and says that it failed. */
  clear(row: Import, failure: string): Promise<void> {
    return this.parts.staged.clear(row, failure);
  }

  /** Takes away parts of files whose reader is long gone: no import takes that long, and nobody has their key. */
  async clearSpools(): Promise<void> {
    const { blobs } = this.parts;
    await deleteOlder(blobs, SPOOL_PREFIX, Date.now() - SPOOL_HOURS * 3_600_000);
  }

  /** What is wrong is kept also where nothing else is: the first hundred are soon told, and seldom all. */
  private async judge(
    ingested: Ingested,
    { options: { strict }, source }: RunImport,
    target: IngestTarget,
  ): Promise<void> {
    const { rejected, errors } = ingested;
    const accepted = ingested.statistics.records + ingested.quarantined;
    if (rejected === 0 && accepted === 0) throw new ImportEmpty();
    if (rejected === 0 || (!strict && accepted > 0)) return;
    const { report } = source;
    await this.parts.database.inTenant(target.commit.tenantId, async () => {
      await this.parts.imports.insertErrors(target.commit.tenantId, target.importId, errors);
      await this.parts.imports.update(target.importId, { rejected, report });
    });
    const issues = issuesOf(errors, report.type);
    throw new ImportRejected(rejected, showId('imp', target.importId)).with({ issues });
  }

  private publish(target: IngestTarget, run: RunImport, ingested: Ingested): Promise<void> {
    const { importId, commit } = target;
    const { statistics, rejected, quarantined, errors } = ingested;
    return this.parts.commits.publish(commit, { ...ingested, traces: target.traces }, async () => {
      await this.parts.staged.keepHeld(target, quarantined);
      await this.parts.imports.insertErrors(commit.tenantId, importId, errors);
      await this.parts.imports.update(importId, {
        state: rejected > 0 ? 'completed_with_errors' : 'completed',
        records: statistics.records,
        rejected,
        quarantined,
        bytes: statistics.bytes,
        findingsByType: statistics.findingsByType,
        report: run.source.report,
        finishedAt: new Date(),
      });
      await run.also?.(importId, commit.id, ingested);
    });
  }

  /**
   * Clears what a failed import staged. When only the answer to its COMMIT was lost there is nothing to clear and
   * nothing failed: then true.
   */
  private async landed({ importId, commit }: IngestTarget, error: unknown): Promise<boolean> {
    const { database, imports, log } = this.parts;
    try {
      const row = await database.inTenant(commit.tenantId, () => imports.find(importId));
      if (row?.state === 'running')
        await this.clear(row, error instanceof VaultError ? error.wireCode : 'INTERNAL_ERROR');
      return row?.state === 'completed' || row?.state === 'completed_with_errors';
    } catch (cause) {
      const fields = { event_type: 'import', error: 'IMPORT_NOT_CLEARED', err: cause };
      log.warn(fields, 'an import is left to the sweeper');
      return false;
    }
  }

  /** Says every few seconds that the import lives; `lost` fires when it was taken for dead all the same. */
  private holdLease({ importId, commit }: { importId: string; commit: StagedCommit }): {
    lost: AbortSignal;
    release: () => void;
  } {
    const controller = new AbortController();
    const timer = setInterval(
      () => {
        this.parts.database
          .inTenant(commit.tenantId, () => this.parts.imports.renew(importId))
          .then(
            (held) => held || controller.abort(new VersionConflict()),
            () =>
              this.parts.log.warn(
                { event_type: 'import', error: 'LEASE_NOT_RENEWED' },
                'an import could not renew its lease',
              ),
          );
      },
      (LEASE_SECONDS * 1000) / 4,
    );
    timer.unref();
    return { lost: controller.signal, release: () => clearInterval(timer) };
  }
}
