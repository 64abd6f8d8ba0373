import type { Audit } from '#audit';
import type { Gatekeeper } from '#auth';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Job, JobsService, RunningJob } from '#queue';
import type { Refs } from '../refs.ts';
import type { BranchWriter } from '../writes/branch.writer.ts';
import type { KeyHashes } from './key-hashes.ts';
import { SplitKeyMissing, SplitTooLarge } from './split.errors.ts';
import { type SplitOptions, SplitPlan } from './split.plan.ts';
import type { SplitPool } from './split.tasks.ts';
import type { SplitWriter } from './split.writer.ts';

export const ASSIGN_SPLITS = 'splits-assign';
const MOST_RECORDS = 200_000;

export interface AskSplits extends SplitOptions {
  branch: string | null;
  message: string | null;
  /** Only says what would come of it. */
  dryRun: boolean;
}

/** What the job's row says; ids are UUIDs. */
interface Parameters extends AskSplits {
  datasetId: string;
  commitId: string;
}

export interface SplitsParts {
  database: Database;
  gatekeeper: Pick<Gatekeeper, 'demand'>;
  refs: Refs;
  hashes: KeyHashes;
  pool: SplitPool;
  writer: SplitWriter;
  branches: Pick<BranchWriter, 'mustHold'>;
  jobs: JobsService;
  audit: Audit;
}

/** Puts the records of a branch into splits: which one says the hash of a key, and nothing else. */
export class SplitsService {
  constructor(private readonly parts: SplitsParts) {}

  /** @throws Forbidden, DatasetNotFound, RefNotFound, BranchProtected, SplitTooLarge */
  async ask(caller: Principal, datasetId: string, ask: AskSplits): Promise<Job> {
    const { database, gatekeeper, refs, branches, jobs, audit } = this.parts;
    const resource = showId('ds', datasetId);
    // Counts tell what records hold.
    await gatekeeper.demand(caller, 'record:read', { dataset: datasetId }, resource);
    return database.inTenant(caller.tenantId, async () => {
      const { commit } = await refs.resolveBranch(datasetId, ask.branch ?? undefined);
      if ((commit.statistics?.records ?? 0) > MOST_RECORDS) throw new SplitTooLarge(MOST_RECORDS);
      if (!ask.dryRun) await branches.mustHold(datasetId, ask.branch);
      const parameters: Parameters = { ...ask, datasetId, commitId: commit.id };
      const job = await jobs.ask(caller, ASSIGN_SPLITS, { ...parameters });
      const details = { job: showId('job', job.id), commit: showId('cm', commit.id), dry_run: ask.dryRun };
      await audit.append(caller, { action: 'splits.assign', resource, details });
      return job;
    });
  }

  /** The job. Done again after a crash it begins anew: nothing of it is seen before all of it is there. */
  async perform(running: RunningJob): Promise<Record<string, unknown>> {
    const { job, signal, complete, progress } = running;
    const { tenantId, createdBy } = job;
    const { datasetId, branch, message, dryRun, onMissing } = job.parameters as unknown as Parameters;
    const plan = await this.plan(running);
    if (dryRun) return this.resultOf(running, plan, null, null);
    if (plan.missing > 0 && onMissing === 'refuse') throw new SplitKeyMissing();
    const author: Principal = { id: createdBy, tenantId, permissions: new Set() };
    let result = {};
    await this.parts.writer.write(plan, {
      author,
      datasetId,
      branch,
      jobId: job.id,
      message: message ?? 'Assign splits',
      signal,
      progress: () => progress(plan.records, plan.records),
      done: async (commit, changed) => {
        result = this.resultOf(running, plan, commit && showId('cm', commit.id), changed);
        await complete(result);
      },
    });
    return result;
  }

  private async plan({ job, signal, progress }: RunningJob): Promise<SplitPlan> {
    const { database, refs, hashes, pool } = this.parts;
    const { tenantId } = job;
    const { datasetId, commitId, ...options } = job.parameters as unknown as Parameters;
    const seen = await database.inTenant(tenantId, () => refs.mustBeAt(datasetId, commitId));
    const total = seen.commit.statistics?.records ?? 0;
    const plan = new SplitPlan(total, options);
    const { seed } = options;
    for await (const some of hashes.of({ tenantId, layers: seen.layers, signal }, seed, plan.places)) {
      plan.add(some);
      await progress(plan.records, total);
    }
    const ratios = options.splits.map(({ ratio }) => ratio);
    const { keys, strata } = plan;
    const { splits } = await pool.run({ kind: 'split-assign', seed, ratios, keys, strata });
    plan.take(splits);
    return plan;
  }

  private resultOf(
    { job }: RunningJob,
    plan: SplitPlan,
    commitId: string | null,
    changed: number | null,
  ): Record<string, unknown> {
    const { commitId: lookedAt } = job.parameters as unknown as Parameters;
    const strata = plan.strataCounts();
    return {
      commit_id: commitId,
      looked_at: showId('cm', lookedAt),
      records: plan.records,
      changed,
      missing: plan.missing,
      splits: plan.counts(),
      ...(strata && { strata: strata.total, largest_strata: strata.shown }),
    };
  }
}
