import { availableParallelism } from 'node:os';
import {
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
import { Log, provided, providedBy } from '#kernel';
import { JobQueue, JobsService, Outbox, WorkGate } from '#queue';
import { BlobStore } from '#storage';
import { WorkerPool } from '#workers';
import { ANONYMIZE, AnonymizationsService } from './anonymizations.service.ts';
import { BranchRepository } from './branch.repository.ts';
import { CommitWriter } from './commit.writer.ts';
import { KeptDatasets } from './dataset.directory.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { DatasetsService } from './datasets.service.ts';
import { ExportsService } from './exports.service.ts';
import { BranchesController } from './http/branches.controller.ts';
import { CommitsController } from './http/commits.controller.ts';
import { DatasetsController } from './http/datasets.controller.ts';
import { ImportsController } from './http/imports.controller.ts';
import { JobsController } from './http/jobs.controller.ts';
import { RecordWritesController } from './http/record-writes.controller.ts';
import { RecordsController } from './http/records.controller.ts';
import { ImportCounters } from './import.counters.ts';
import { ImportRepository } from './import.repository.ts';
import { ImportRunner } from './import.runner.ts';
import { ImportSweeper } from './import.sweeper.ts';
import { ImportsService } from './imports.service.ts';
import { Ingest } from './ingest/ingest.ts';
import type { SegmentResult, SegmentTask } from './ingest/segment.task.ts';
import { RecordHistory } from './record.history.ts';
import { RecordReader } from './record.reader.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordsService } from './records.service.ts';
import { Refs } from './refs.ts';
import { SegmentReader } from './segment.reader.ts';
import { StoredBytes } from './stored-bytes.ts';
import { TagRepository } from './tag.repository.ts';
import { BranchesService } from './versions/branches.service.ts';
import { CommitsService } from './versions/commits.service.ts';
import { DifferenceRepository } from './versions/difference.repository.ts';
import { DifferencesService } from './versions/differences.service.ts';
import { BranchWriter } from './writes/branch.writer.ts';
import { ChangeRepository } from './writes/change.repository.ts';
import { RecordSealer, type SealingPool } from './writes/record.sealer.ts';
import { RecordWriter } from './writes/record.writer.ts';
import { WriteCommitter } from './writes/write.committer.ts';
import { WriteLanes } from './writes/write.lanes.ts';

export interface DatasetsOptions {
  minConfidence: number;
  /** Threads that scan and seal; one for each core when left out. */
  threads?: number;
}

const script = new URL(
  import.meta.url.endsWith('.ts') ? './ingest/segment.worker.ts' : './ingest/segment.worker.js',
  import.meta.url,
);

/** Threads that make segments; its own token, as there are other pools. */
class SegmentPool extends WorkerPool<SegmentTask, SegmentResult> {}

/** The product itself: datasets, records, commits, import, export, anonymize. */
@Module({})
export class DatasetsModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(SegmentPool) private readonly pool: SegmentPool,
    @Inject(ImportSweeper) private readonly sweeper: ImportSweeper,
    @Inject(JobsService) private readonly jobs: JobsService,
    @Inject(JobQueue) private readonly queue: JobQueue,
    @Inject(AnonymizationsService) private readonly anonymizations: AnonymizationsService,
  ) {}

  static forRoot({ minConfidence, threads = availableParallelism() }: DatasetsOptions): DynamicModule {
    return {
      module: DatasetsModule,
      global: true,
      exports: [StoredBytes, DatasetDirectory],
      controllers: [
        BranchesController,
        CommitsController,
        DatasetsController,
        RecordsController,
        RecordWritesController,
        ImportsController,
        JobsController,
      ],
      providers: [
        providedBy(SegmentPool, [], () => new SegmentPool(script, { size: threads, maxQueue: 1000 })),
        provided(DatasetRepository, [Database]),
        providedBy(DatasetDirectory, [DatasetRepository], (datasets) => new KeptDatasets(datasets)),
        provided(RecordRepository, [Database]),
        provided(ImportRepository, [Database]),
        provided(BranchRepository, [Database]),
        provided(TagRepository, [Database]),
        provided(Refs, [DatasetRepository, BranchRepository, TagRepository]),
        provided(SegmentReader, [BlobStore, KeyService]),
        provided(RecordReader, [Database, RecordRepository, SegmentReader]),
        provided(CommitWriter, [Database, DatasetRepository, Audit, Outbox]),
        provided(DatasetsService, [Database, DatasetRepository, Audit, Outbox, Gatekeeper]),
        provided(RecordHistory, [Database]),
        provided(RecordsService, [Database, RecordRepository, RecordReader, Refs, Audit, RecordHistory]),
        provided(CommitsService, [Database, DatasetRepository, Refs]),
        providedBy(
          BranchesService,
          [Database, DatasetRepository, BranchRepository, TagRepository, Refs, Audit],
          (database, datasets, branches, tags, refs, audit) =>
            new BranchesService({ database, datasets, branches, tags, refs, audit }),
        ),
        provided(DifferenceRepository, [Database]),
        providedBy(
          DifferencesService,
          [Database, RecordRepository, RecordReader, Refs, DifferenceRepository, Audit],
          (database, records, reader, refs, differences, audit) =>
            new DifferencesService({ database, records, reader, refs, differences, audit }),
        ),
        provided(ExportsService, [Database, RecordReader, Refs, Audit]),
        provided(ChangeRepository, [Database]),
        providedBy(
          RecordSealer,
          [BlobStore, KeyService, SegmentPool],
          (blobs, keys, pool) => new RecordSealer(blobs, keys, pool as unknown as SealingPool, minConfidence),
        ),
        providedBy(
          BranchWriter,
          [BranchRepository, DatasetRepository, RecordRepository, ChangeRepository, Audit, Outbox],
          (branches, datasets, records, changes, audit, outbox) =>
            new BranchWriter({ branches, datasets, records, changes, audit, outbox }),
        ),
        provided(WriteCommitter, [Database, DatasetRepository, RecordRepository, BranchWriter]),
        provided(WriteLanes, [RecordSealer, WriteCommitter]),
        providedBy(
          RecordWriter,
          [Database, RecordRepository, RecordReader, Refs, WriteLanes],
          (database, records, reader, refs, lanes) => new RecordWriter({ database, records, reader, refs, lanes }),
        ),
        providedBy(
          Ingest,
          [Database, BlobStore, KeyService, SegmentPool, RecordRepository],
          (database, blobs, keys, pool, records) =>
            new Ingest({ database, blobs, keys, pool, records, minConfidence, parallel: threads + 1 }),
        ),
        providedBy(
          ImportRunner,
          [Database, DatasetRepository, ImportRepository, RecordRepository, CommitWriter, Ingest, BlobStore, Log],
          (database, datasets, imports, records, commits, ingest, blobs, log) =>
            new ImportRunner({ database, datasets, imports, records, commits, ingest, blobs, log }),
        ),
        provided(ImportsService, [Database, DatasetRepository, ImportRepository, ImportRunner, Audit, ImportCounters]),
        provided(StoredBytes, [Database, UserRepository, RecordRepository]),
        provided(ImportSweeper, [Database, UserRepository, ImportRepository, ImportRunner, Log, WorkGate]),
        provided(JobsService, [Database, JobQueue, Log]),
        providedBy(
          AnonymizationsService,
          [
            Database,
            Refs,
            DatasetsService,
            DatasetRepository,
            JobsService,
            KeyService,
            RecordReader,
            ImportRunner,
            Audit,
            GrantsService,
          ],
          (database, refs, datasets, lineage, jobs, keys, reader, runner, audit, grants) =>
            new AnonymizationsService({ database, refs, datasets, lineage, jobs, keys, reader, runner, audit, grants }),
        ),
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.sweeper.start();
    await this.jobs.serve(ANONYMIZE, (running) => this.anonymizations.perform(running));
  }

  async onApplicationShutdown(): Promise<void> {
    this.sweeper.stop();
    await this.queue.stop();
    await this.pool.close();
  }
}
