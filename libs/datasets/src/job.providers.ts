import { Audit } from '#audit';
import { GrantsService } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { AnonymizationChoices } from '#pii-rules';
import { JobQueue, JobsService } from '#queue';
import { ANONYMIZE, AnonymizationsService } from './anonymizations.service.ts';
import { BackgroundWork } from './background.work.ts';
import { compactionProviders } from './compaction/compaction.providers.ts';
import { COMPACT, CompactionService } from './compaction/compaction.service.ts';
import { CompactionSweeper } from './compaction/compaction.sweeper.ts';
import { ContentSketchesService, SKETCH_CONTENTS } from './contents/content-sketches.service.ts';
import { ContentHashesService, HASH_CONTENTS } from './contents/content-hashes.service.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { DuplicatesService, FIND_DUPLICATES, REMOVE_DUPLICATES } from './duplicates/duplicates.service.ts';
import { ImportRunner } from './import.runner.ts';
import { ImportSweeper } from './import.sweeper.ts';
import { JobActions } from './job.actions.ts';
import { leakageProviders } from './leakage/leak.providers.ts';
import { FIND_LEAKAGE, LeakageService } from './leakage/leakage.service.ts';
import { purgeProviders } from './purge/purge.providers.ts';
import { PURGE, PurgeService } from './purge/purge.service.ts';
import { RecordReader } from './record.reader.ts';
import { Refs } from './refs.ts';
import { ASSIGN_SPLITS, SplitsService } from './splits/splits.service.ts';
import { SplitSweeper } from './splits/split.sweeper.ts';
import { UploadImporter } from './uploads/upload.importer.ts';
import { UploadSweeper } from './uploads/upload.sweeper.ts';
import { IMPORT_UPLOAD } from './uploads/uploads.service.ts';

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

const WORK = [
  JobsService,
  AnonymizationsService,
  UploadImporter,
  DuplicatesService,
  SplitsService,
  LeakageService,
  CompactionService,
  PurgeService,
  ContentHashesService,
  ContentSketchesService,
  ImportSweeper,
  UploadSweeper,
  CompactionSweeper,
  SplitSweeper,
] as const;

/** Of all jobs there are; the queue takes no others. */
export const JOB_KINDS = [
  ANONYMIZE,
  IMPORT_UPLOAD,
  FIND_DUPLICATES,
  REMOVE_DUPLICATES,
  ASSIGN_SPLITS,
  FIND_LEAKAGE,
  COMPACT,
  PURGE,
  HASH_CONTENTS,
  SKETCH_CONTENTS,
];

/** Jobs, and the work that is done as one. */
export function jobProviders(): Provided[] {
  return [
    provided(JobsService, [Database, JobQueue, Log]),
    provided(JobActions, [JobsService, Audit]),
    ...leakageProviders,
    ...compactionProviders,
    ...purgeProviders,
    providedBy(AnonymizationsService, ANONYMIZING, (...parts) => {
      const [database, refs, datasets, lineage, jobs, keys, reader, runner, choices, audit, grants] = parts;
      const known = { database, refs, datasets, lineage, jobs, keys };
      return new AnonymizationsService({ ...known, reader, runner, choices, audit, grants });
    }),
    providedBy(BackgroundWork, WORK, (jobs, anonymizations, uploads, duplicates, ...others) => {
      const [splits, leakage, compaction, purges, hashes, sketches, ...sweepers] = others;
      return new BackgroundWork(
        jobs,
        {
          [ANONYMIZE]: (running) => anonymizations.perform(running),
          [IMPORT_UPLOAD]: (running) => uploads.perform(running),
          [FIND_DUPLICATES]: (running) => duplicates.find(running),
          [REMOVE_DUPLICATES]: (running) => duplicates.remove(running),
          [ASSIGN_SPLITS]: (running) => splits.perform(running),
          [FIND_LEAKAGE]: (running) => leakage.perform(running),
          [COMPACT]: (running) => compaction.perform(running),
          [PURGE]: (running) => purges.perform(running),
          [HASH_CONTENTS]: (running) => hashes.perform(running),
          [SKETCH_CONTENTS]: (running) => sketches.perform(running),
        },
        sweepers,
      );
    }),
  ];
}
