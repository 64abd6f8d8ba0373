import { availableParallelism } from 'node:os';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Audit } from '#audit';
import { DatasetDirectory, Gatekeeper, GrantsService, UserRepository } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { provided, providedBy } from '#kernel';
import { AllowedValuesService, RecordSamples } from '#pii-rules';
import { JobQueue, Outbox } from '#queue';
import { BlobStore } from '#storage';
import { BackgroundWork } from './background.work.ts';
import { BranchRepository } from './branch.repository.ts';
import { CommitWriter } from './commit.writer.ts';
import { contentProviders } from './contents/content.providers.ts';
import { KeptDatasets } from './dataset.directory.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { duplicateProviders } from './duplicates/duplicate.providers.ts';
import { exportProviders } from './export/export.providers.ts';
import { findingProviders } from './findings/finding.providers.ts';
import { GateJudge } from './gates/gate.judge.ts';
import { gateProviders } from './gates/gate.providers.ts';
import { BranchesController } from './http/branches.controller.ts';
import { CommitsController } from './http/commits.controller.ts';
import { CompactionController } from './http/compaction.controller.ts';
import { DatasetsController } from './http/datasets.controller.ts';
import { DuplicatesController } from './http/duplicates.controller.ts';
import { ExportsController } from './http/exports.controller.ts';
import { FindingsController } from './http/findings.controller.ts';
import { ImportsController } from './http/imports.controller.ts';
import { JobsController } from './http/jobs.controller.ts';
import { LeakageController } from './http/leakage.controller.ts';
import { MergeRequestsController } from './http/merge-requests.controller.ts';
import { MergesController } from './http/merges.controller.ts';
import { PurgeController } from './http/purge.controller.ts';
import { QuarantineController } from './http/quarantine.controller.ts';
import { SchemasController } from './http/schemas.controller.ts';
import { SettingsController } from './http/settings.controller.ts';
import { SplitsController } from './http/splits.controller.ts';
import { RecordWritesController } from './http/record-writes.controller.ts';
import { RecordsController } from './http/records.controller.ts';
import { UploadsController } from './http/uploads.controller.ts';
import { importProviders } from './import.providers.ts';
import { JobActions } from './job.actions.ts';
import { jobProviders } from './job.providers.ts';
import { KeptSamples } from './kept.samples.ts';
import { Leftovers } from './leftovers.ts';
import { quarantineProviders } from './quarantine/quarantine.providers.ts';
import { RecordHistory } from './record.history.ts';
import { RecordReader } from './record.reader.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordsService } from './records.service.ts';
import { Refs } from './refs.ts';
import { RemovalRepository } from './removal.repository.ts';
import { RemovalsService } from './removals.service.ts';
import { SchemaRepository } from './schemas/schema.repository.ts';
import { schemaProviders } from './schemas/schema.providers.ts';
import { SegmentReader } from './segment.reader.ts';
import { SegmentPool } from './ingest/segment.pool.ts';
import { splitProviders } from './splits/split.providers.ts';
import { StoredBytes } from './stored-bytes.ts';
import { uploadProviders } from './uploads/upload.providers.ts';
import { versionProviders } from './versions/version.providers.ts';
import { RecordViewer } from './views/record.viewer.ts';
import { viewerProvider } from './views/view.providers.ts';
import { writeProviders } from './writes/write.providers.ts';
import { TagRepository } from './tag.repository.ts';

export interface DatasetsOptions {
  minConfidence: number;
  /** Threads that scan and seal; one for each core when left out. */
  threads?: number;
}

const script = new URL(
  import.meta.url.endsWith('.ts') ? './ingest/segment.worker.ts' : './ingest/segment.worker.js',
  import.meta.url,
);

/** The product itself: datasets, records, commits, import, export, anonymize. */
@Module({})
export class DatasetsModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(SegmentPool) private readonly pool: SegmentPool,
    @Inject(BackgroundWork) private readonly work: BackgroundWork,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(JobActions) private readonly actions: JobActions,
  ) {}

  static forRoot({ minConfidence, threads = availableParallelism() }: DatasetsOptions): DynamicModule {
    return {
      module: DatasetsModule,
      global: true,
      exports: [StoredBytes, DatasetDirectory, RecordSamples],
      controllers: [
        BranchesController,
        CommitsController,
        CompactionController,
        DatasetsController,
        DuplicatesController,
        LeakageController,
        MergeRequestsController,
        MergesController,
        PurgeController,
        QuarantineController,
        SchemasController,
        SettingsController,
        SplitsController,
        RecordsController,
        ExportsController,
        RecordWritesController,
        FindingsController,
        ImportsController,
        JobsController,
        UploadsController,
      ],
      providers: [
        providedBy(SegmentPool, [], () => new SegmentPool(script, { size: threads, maxQueue: 1000 })),
        provided(DatasetRepository, [Database]),
        providedBy(DatasetDirectory, [DatasetRepository], (datasets) => new KeptDatasets(datasets)),
        provided(RecordRepository, [Database]),
        provided(BranchRepository, [Database]),
        provided(TagRepository, [Database]),
        provided(Refs, [DatasetRepository, BranchRepository, TagRepository]),
        provided(SegmentReader, [BlobStore, KeyService]),
        provided(RecordReader, [Database, RecordRepository, SegmentReader]),
        provided(CommitWriter, [Database, DatasetRepository, Audit, Outbox, GateJudge]),
        provided(DatasetsService, [Database, DatasetRepository, Audit, Outbox, Gatekeeper, SchemaRepository]),
        provided(RemovalRepository, [Database]),
        providedBy(
          RemovalsService,
          [Database, RemovalRepository, GrantsService, AllowedValuesService, Leftovers, Audit, Outbox],
          (database, removals, grants, allowed, leftovers, audit, outbox) =>
            new RemovalsService({ database, removals, grants, allowed, leftovers, audit, outbox }),
        ),
        provided(RecordHistory, [Database]),
        provided(RecordsService, [Database, RecordRepository, RecordViewer, Refs, Audit, RecordHistory]),
        viewerProvider(minConfidence),
        providedBy(RecordSamples, [RecordsService, Gatekeeper], (records, gate) => new KeptSamples(records, gate)),
        ...schemaProviders(minConfidence),
        ...contentProviders,
        ...gateProviders,
        ...quarantineProviders,
        ...versionProviders,
        ...exportProviders(threads),
        ...writeProviders(minConfidence),
        ...findingProviders(minConfidence),
        ...importProviders(minConfidence, threads),
        provided(StoredBytes, [Database, UserRepository, RecordRepository]),
        ...jobProviders(),
        ...uploadProviders,
        ...duplicateProviders,
        ...splitProviders,
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.work.start();
  }

  beforeApplicationShutdown(): void {
    this.actions.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.work.stop();
    await this.queue.stop();
    await this.pool.close();
  }
}
