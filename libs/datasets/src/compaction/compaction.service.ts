import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Job, JobsService, RunningJob } from '#queue';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { CompactionRepository } from './compaction.repository.ts';
import type { Compactor } from './compactor.ts';

export const COMPACT = 'dataset-compact';

export interface CompactionParts {
  database: Database;
  datasets: DatasetRepository;
  compaction: CompactionRepository;
  compactor: Compactor;
  jobs: JobsService;
  audit: Audit;
}

/** Compaction that is asked for; otherwise it comes by itself. */
export class CompactionService {
  constructor(private readonly parts: CompactionParts) {}

  /** @throws DatasetNotFound */
  ask(caller: Principal, datasetId: string): Promise<Job> {
    const { database, datasets, jobs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await datasets.mustFind(datasetId);
      const job = await jobs.ask(caller, COMPACT, { datasetId });
      const entry = { action: 'dataset.compact', resource: showId('ds', datasetId) };
      await audit.append(caller, { ...entry, details: { job: showId('job', job.id) } });
      return job;
    });
  }

  /** The job. Each new segment counts by itself: done again after a crash, it goes on with what is left. */
  async perform({ job, signal, progress }: RunningJob): Promise<Record<string, unknown>> {
    const { database, compaction, compactor } = this.parts;
    const { tenantId, createdBy } = job;
    const datasetId = job.parameters['datasetId'] as string;
    const total = await database.inTenant(tenantId, () => compaction.small(datasetId));
    const { from, into, bytes } = await compactor.run({ tenantId, datasetId, actor: createdBy, signal }, (done) =>
      progress(done, total),
    );
    // One that was left, with none to go with it, is nothing still to be done.
    await progress(from, from);
    return { segments: from, into, bytes };
  }
}
