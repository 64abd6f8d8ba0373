import type { Audit } from '#audit';
import type { Gatekeeper } from '#auth';
import type { Database } from '#database';
import { type Page, type Principal, showId } from '#kernel';
import type { Job, JobsService, RunningJob } from '#queue';
import type { Refs, Seen } from '../refs.ts';
import type { Leak, LeakOptions } from './leak.entity.ts';
import { LeakageNotFound, LeakageSplitsTooMany, LeakageTooMany } from './leak.errors.ts';
import type { LeakFinder } from './leak.finder.ts';
import { LeakReport } from './leak.report.ts';
import type { LeakRepository } from './leak.repository.ts';
import { commitSides, MOST_SPLITS, type Sides, splitSides } from './leak.sides.ts';

export const FIND_LEAKAGE = 'leakage-find';
const MOST_RECORDS = 200_000;

export interface AskLeakage extends LeakOptions {
  ref?: string;
  /** Another dataset, or another commit, whose records should not be in this one. */
  against: { datasetId: string; ref?: string } | null;
}

/** What the job's row says; ids are UUIDs. */
interface Parameters {
  datasetId: string;
  commitId: string;
  against: { datasetId: string; commitId: string } | null;
  options: LeakOptions;
}

export interface LeakageParts {
  database: Database;
  gatekeeper: Pick<Gatekeeper, 'demand'>;
  refs: Refs;
  leaks: LeakRepository;
  finder: LeakFinder;
  jobs: JobsService;
  audit: Audit;
}

/** Finds what splits have in common, or a dataset with another one that nothing is to be trained on. */
export class LeakageService {
  constructor(private readonly parts: LeakageParts) {}

  /** @throws Forbidden, DatasetNotFound, RefNotFound, LeakageTooMany */
  async ask(caller: Principal, datasetId: string, { ref, against, ...options }: AskLeakage): Promise<Job> {
    const { database, refs, jobs, audit } = this.parts;
    if (against) await this.mustRead(caller, against.datasetId);
    return database.inTenant(caller.tenantId, async () => {
      const { commit } = await refs.resolve(datasetId, ref);
      const other = against && (await refs.resolve(against.datasetId, against.ref)).commit;
      const records = (commit.statistics?.records ?? 0) + (other?.statistics?.records ?? 0);
      if (records > MOST_RECORDS) throw new LeakageTooMany(MOST_RECORDS);
      const parameters: Parameters = {
        datasetId,
        commitId: commit.id,
        against: other && { datasetId: other.datasetId, commitId: other.id },
        options,
      };
      const job = await jobs.ask(caller, FIND_LEAKAGE, { ...parameters });
      const details = { job: showId('job', job.id), commit: showId('cm', commit.id) };
      await audit.append(caller, { action: 'leakage.find', resource: showId('ds', datasetId), details });
      // Whoever guards the other one finds it there too.
      if (other && other.datasetId !== datasetId) {
        const resource = showId('ds', other.datasetId);
        await audit.append(caller, {
          action: 'leakage.find',
          resource,
          details: { ...details, commit: showId('cm', other.id) },
        });
      }
      return job;
    });
  }

  /** @throws Forbidden, LeakageNotFound, BadCursor */
  async list(
    caller: Principal,
    datasetId: string,
    id: string,
    page: { limit: number; cursor?: string },
  ): Promise<Page<Leak>> {
    const { database, leaks } = this.parts;
    const report = await database.inTenant(caller.tenantId, () => leaks.find(datasetId, id));
    if (!report) throw new LeakageNotFound();
    if (report.againstDatasetId) await this.mustRead(caller, report.againstDatasetId);
    return database.inTenant(caller.tenantId, () => leaks.page(id, page.limit, page.cursor));
  }

  /** The job. */
  async perform({ job, signal, progress, complete }: RunningJob): Promise<Record<string, unknown>> {
    const { database, refs, leaks, finder } = this.parts;
    const { id, tenantId } = job;
    const { datasetId, commitId, against, options } = job.parameters as unknown as Parameters;
    const { own, others, splits } = await database.inTenant(tenantId, async () => {
      const seen = await refs.mustBeAt(datasetId, commitId);
      return {
        own: seen,
        others: against && (await refs.mustBeAt(against.datasetId, against.commitId)),
        splits: await leaks.splits(seen.layers),
      };
    });
    const named = splits.filter(({ split }) => split !== null).toSorted(bySize);
    const sides = others ? commitSides(sideOf(own), sideOf(others)) : sidesOf(own, named);
    const found = await finder.find({ tenantId, sides, options, signal, progress });
    const report = await LeakReport.of(found, others ? [null, null] : named.map(({ split }) => split));
    const result = {
      commit_id: showId('cm', commitId),
      ...(against && { against_commit_id: showId('cm', against.commitId) }),
      splits,
      without: found.records.without,
      ...(found.keys && { without_key: found.keys.missing }),
      leaks: report.counts,
      listed: report.listed.length,
    };
    await database.inTenant(tenantId, async () => {
      await complete(result);
      const againstDatasetId = against?.datasetId ?? null;
      await leaks.replace({ id, tenantId, datasetId, commitId, againstDatasetId }, report.listed);
    });
    return result;
  }

  private mustRead(caller: Principal, datasetId: string): Promise<void> {
    return this.parts.gatekeeper.demand(caller, 'record:read', { dataset: datasetId }, showId('ds', datasetId));
  }
}

function sideOf({ layers, commit }: Seen): { layers: Seen['layers']; records: number } {
  return { layers, records: commit.statistics?.records ?? 0 };
}

function sidesOf(own: Seen, named: readonly { split: string | null }[]): Sides {
  if (named.length > MOST_SPLITS) throw new LeakageSplitsTooMany(MOST_SPLITS);
  const { layers, records } = sideOf(own);
  return splitSides(
    layers,
    records,
    named.map(({ split }) => split!),
  );
}

/** The smallest first; of two as large, by name. */
function bySize(a: { split: string | null; records: number }, b: { split: string | null; records: number }): number {
  return a.records - b.records || (a.split! < b.split! ? -1 : 1);
}
