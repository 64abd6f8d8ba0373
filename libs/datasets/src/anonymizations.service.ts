import type { Audit } from '#audit';
import type { GrantsService } from '#auth';
import type { KeyService } from '#crypto';
import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { AnonymizationChoices, AskChoice } from '#pii-rules';
import type { Job, JobsService, RunningJob } from '#queue';
import { anonymizeTask } from './anonymize.choice.ts';
import type { Branch } from './branch.entity.ts';
import type { Dataset } from './dataset.entity.ts';
import type { DatasetRepository } from './dataset.repository.ts';
import type { DatasetsService } from './datasets.service.ts';
import { plainLines } from './formats/line.source.ts';
import type { ImportRunner } from './import.runner.ts';
import type { Ingested } from './ingest/ingested.ts';
import type { RecordReader } from './record.reader.ts';
import type { Refs, Seen } from './refs.ts';

export const ANONYMIZE = 'anonymize';

export interface AskAnonymization extends AskChoice {
  name: string;
  ref?: string;
}

/** What the job's row says; ids are UUIDs. */
interface Parameters {
  datasetId: string;
  commitId: string;
  targetId: string;
  strategy: string;
  strategies: Record<string, string>;
  types: string[] | null;
  /** What is not in a job of the release before is null. */
  scanTypes?: string[] | null;
  minConfidence?: number | null;
  policy?: string | null;
}

/** Copies of datasets without the personal data that was found in them. */
export class AnonymizationsService {
  constructor(private readonly parts: AnonymizationParts) {}

  /**
   * Asks for an anonymized copy of a dataset at a ref, in a new dataset that is empty until the job is done.
   *
   * @throws DatasetNotFound, RefNotFound, DatasetNameTaken, PolicyNotFound, UnknownStrategy, UnknownPiiType
   */
  async ask(caller: Principal, datasetId: string, ask: AskAnonymization): Promise<{ job: Job; dataset: Dataset }> {
    const { database, refs, datasets, jobs, audit, grants, choices } = this.parts;
    const choice = await choices.of(caller, ask);
    return datasets.naming(() =>
      database.inTenant(caller.tenantId, async () => {
        const { dataset: source, commit } = await refs.resolve(datasetId, ask.ref);
        const description = `Anonymized from ${showId('cm', commit.id)}`;
        // As guarded as the source: how much was taken out is for whoever asks to choose.
        const { classification } = source;
        const dataset = await datasets.insert(caller, { name: ask.name, description, classification });
        await grants.copy(caller, datasetId, dataset.id);
        const parameters: Parameters = { datasetId, commitId: commit.id, targetId: dataset.id, ...choice };
        const job = await jobs.ask(caller, ANONYMIZE, { ...parameters });
        await audit.append(caller, {
          action: 'dataset.anonymize',
          resource: showId('ds', datasetId),
          details: {
            job: showId('job', job.id),
            target: showId('ds', dataset.id),
            commit: showId('cm', commit.id),
            ...(choice.policy !== null && { policy: choice.policy }),
          },
        });
        return { job, dataset };
      }),
    );
  }

  /** Does the job. Done again after a crash it finds what it published, and publishes nothing twice. */
  async perform(running: RunningJob): Promise<Record<string, unknown>> {
    const { job } = running;
    const { database, lineage, refs } = this.parts;
    const parameters = job.parameters as unknown as Parameters;
    const found = await database.inTenant(job.tenantId, async () => ({
      done: await lineage.findLineage(job.id),
      source: await refs.at(parameters.datasetId, parameters.commitId),
      branch: await lineage.findBranch(parameters.targetId, 'main'),
    }));
    if (found.done) return found.done.details;
    const { source, branch } = found;
    if (!source || !branch) throw new Error('an anonymization of what is not there');
    if ((source.commit.statistics?.records ?? 0) === 0)
      return resultOf(parameters, { anonymized: new Map(), residual: 0, quarantined: 0 }, 0);
    return this.copy(running, parameters, source, branch);
  }

  private async copy(
    { job, signal, progress, complete }: RunningJob,
    parameters: Parameters,
    { commit, layers }: Seen,
    branch: Branch,
  ): Promise<Record<string, unknown>> {
    const { keys, reader, runner } = this.parts;
    const { datasetId, scanTypes = null, minConfidence = null, ...choice } = parameters;
    const total = commit.statistics?.records ?? 0;
    const hashKey = await keys.tenantSecret(job.tenantId, 'pii-hash');
    let result: Record<string, unknown> = {};
    await runner.run({
      author: { id: job.createdBy, tenantId: job.tenantId, permissions: new Set() },
      branch,
      message: `Anonymize ${showId('cm', commit.id)}`,
      source: plainLines(reader.stream(job.tenantId, layers)),
      options: {
        strict: true,
        anonymize: { ...anonymizeTask(datasetId, { scanTypes, minConfidence, ...choice }), hashKey },
        signal,
        progress: (records) => progress(records, total),
      },
      also: async (_importId, toCommitId, ingested) => {
        result = resultOf(parameters, ingested, ingested.statistics.records);
        await progress(total, total);
        await complete(result);
        await this.recordLineage(job, parameters, toCommitId, result);
      },
    });
    return result;
  }

  private recordLineage(
    { id, tenantId }: Job,
    { datasetId, commitId, targetId }: Parameters,
    toCommitId: string,
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.parts.lineage.insertLineage({
      id,
      tenantId,
      kind: ANONYMIZE,
      fromDatasetId: datasetId,
      fromCommitId: commitId,
      toDatasetId: targetId,
      toCommitId,
      details,
    });
  }
}

/** What came of it: counts by type and operator, and what a scan of the output still found. Never a value. */
function resultOf(
  { strategy, strategies, types, targetId, policy = null }: Parameters,
  { anonymized, residual, quarantined }: Pick<Ingested, 'anonymized' | 'residual' | 'quarantined'>,
  records: number,
): Record<string, unknown> {
  const applied = [...anonymized].map(([name, count]) => {
    const [type, operator] = name.split(' ');
    return { type, operator, count };
  });
  return {
    dataset_id: showId('ds', targetId),
    records,
    quarantined,
    policy,
    strategy,
    strategies,
    types,
    applied,
    residual_findings: residual,
  };
}

export interface AnonymizationParts {
  database: Database;
  refs: Refs;
  datasets: DatasetsService;
  lineage: DatasetRepository;
  jobs: JobsService;
  keys: KeyService;
  reader: RecordReader;
  runner: ImportRunner;
  choices: Pick<AnonymizationChoices, 'of'>;
  audit: Audit;
  grants: Pick<GrantsService, 'copy'>;
}
