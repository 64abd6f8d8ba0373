import type { Audit } from '#audit';
import type { Database } from '#database';
import { showId, type Principal } from '#kernel';
import type { Job, JobsService, RunningJob } from '#queue';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Purger, ToPurge } from './purger.ts';

export const PURGE = 'dataset-purge';
const DAY_SECONDS = 86_400;

export interface AskPurge {
  /** What was let go of later than this ago stays. */
  minAgeDays: number;
  /** Only says what would go. */
  dryRun: boolean;
}

interface Parameters extends AskPurge {
  datasetId: string;
}

export interface PurgeParts {
  database: Database;
  datasets: Pick<DatasetRepository, 'mustFind'>;
  purger: Purger;
  jobs: JobsService;
  audit: Audit;
}

/** Takes away, when somebody asks for it, what nothing leads to any more. */
export class PurgeService {
  constructor(private readonly parts: PurgeParts) {}

  /** @throws DatasetNotFound */
  ask(caller: Principal, datasetId: string, ask: AskPurge): Promise<Job> {
    const { database, datasets, jobs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await datasets.mustFind(datasetId);
      const job = await jobs.ask(caller, PURGE, { ...ask, datasetId });
      const details = { job: showId('job', job.id), dry_run: ask.dryRun, min_age_days: ask.minAgeDays };
      await audit.append(caller, { action: 'dataset.purge', resource: showId('ds', datasetId), details });
      return job;
    });
  }

  /** The job. Done again after a crash, it goes on with what is left. */
  async perform({ job, signal, progress }: RunningJob): Promise<Record<string, unknown>> {
    const { datasetId, minAgeDays, dryRun } = job.parameters as unknown as Parameters;
    const actor = { id: job.createdBy, tenantId: job.tenantId };
    const minAgeSeconds = minAgeDays * DAY_SECONDS;
    const to: ToPurge = { actor, datasetId, minAgeSeconds, signal, progress: (rows) => progress(rows) };
    const { recordVersions, kept, ...purged } = await (dryRun ? this.parts.purger.look(to) : this.parts.purger.run(to));
    return { dry_run: dryRun, ...purged, record_versions: recordVersions, segments_kept: kept };
  }
}
