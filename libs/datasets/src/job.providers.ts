import { Audit } from '#audit';
import { GrantsService } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { AnonymizationChoices } from '#pii-rules';
import { JobQueue, JobsService } from '#queue';
import { AnonymizationsService } from './anonymizations.service.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { ImportRunner } from './import.runner.ts';
import { JobActions } from './job.actions.ts';
import { RecordReader } from './record.reader.ts';
import { Refs } from './refs.ts';

const ANONYMIZING = [
  Database,
  Refs,
  DatasetsService,
  DatasetRepository,
  JobsService,
  KeyService,
  RecordReader,
  ImportRunner,
  AnonymizationChoices,
  Audit,
  GrantsService,
] as const;

/** Jobs, and the work that is done as one. */
export function jobProviders(): Provided[] {
  return [
    provided(JobsService, [Database, JobQueue, Log]),
    provided(JobActions, [JobsService, Audit]),
    providedBy(AnonymizationsService, ANONYMIZING, (...parts) => {
      const [database, refs, datasets, lineage, jobs, keys, reader, runner, choices, audit, grants] = parts;
      const known = { database, refs, datasets, lineage, jobs, keys };
      return new AnonymizationsService({ ...known, reader, runner, choices, audit, grants });
    }),
  ];
}
