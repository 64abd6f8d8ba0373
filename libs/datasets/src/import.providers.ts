import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { TenantRules } from '#pii-rules';
import { WorkGate } from '#queue';
import { BlobStore } from '#storage';
import { TraceRepository } from './contents/trace.repository.ts';
import { CommitWriter } from './commit.writer.ts';
import { DatasetRepository } from './dataset.repository.ts';
import { FileReaders, type FormatPool } from './formats/file.readers.ts';
import { ImportForesight } from './gates/import.foresight.ts';
import { ImportCounters } from './import.counters.ts';
import { ImportRepository } from './import.repository.ts';
import { ImportRunner } from './import.runner.ts';
import { ImportSweeper } from './import.sweeper.ts';
import { ImportsService } from './imports.service.ts';
import { Ingest } from './ingest/ingest.ts';
import { SegmentKeeper } from './ingest/segment.keeper.ts';
import { SegmentPool } from './ingest/segment.pool.ts';
import { Holding } from './quarantine/holding.ts';
import { QuarantineRepository } from './quarantine/quarantine.repository.ts';
import { RecordRepository } from './record.repository.ts';
import { RecordRulesOf } from './schemas/record.rules.ts';
import { StagedImports } from './staged.imports.ts';

const STAGING = [
  Database,
  DatasetRepository,
  ImportRepository,
  RecordRepository,
  CommitWriter,
  Holding,
  QuarantineRepository,
  TraceRepository,
  BlobStore,
] as const;

/** How files come in. */
export function importProviders(minConfidence: number, threads: number): Provided[] {
  return [
    provided(ImportRepository, [Database]),
    provided(SegmentKeeper, [Database, BlobStore, RecordRepository, QuarantineRepository, TraceRepository]),
    providedBy(
      Ingest,
      [KeyService, SegmentPool, SegmentKeeper, TenantRules, RecordRulesOf],
      (keys, pool, keeper, rules, recordRules) =>
        new Ingest({ keys, pool, keeper, rules, recordRules, minConfidence, parallel: threads + 1 }),
    ),
    providedBy(StagedImports, STAGING, (...parts) => {
      const [database, datasets, imports, records, commits, holding, quarantine, traces, blobs] = parts;
      return new StagedImports({ database, datasets, imports, records, commits, holding, quarantine, traces, blobs });
    }),
    providedBy(
      ImportRunner,
      [Database, ImportRepository, StagedImports, CommitWriter, Ingest, ImportForesight, BlobStore, Log],
      (...[database, imports, staged, commits, ingest, foresight, blobs, log]) =>
        new ImportRunner({ database, imports, staged, commits, ingest, foresight, blobs, log }),
    ),
    providedBy(
      FileReaders,
      [BlobStore, SegmentPool],
      (blobs, pool) => new FileReaders(blobs, pool as unknown as FormatPool, threads + 1),
    ),
    providedBy(
      ImportsService,
      [Database, DatasetRepository, ImportRepository, ImportRunner, Audit, ImportCounters, FileReaders],
      (...[database, datasets, imports, runner, audit, counters, readers]) =>
        new ImportsService({ database, datasets, imports, runner, audit, counters, readers }),
    ),
    provided(ImportSweeper, [Database, UserRepository, ImportRepository, ImportRunner, Log, WorkGate]),
  ];
}
