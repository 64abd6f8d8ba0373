import { Audit } from '#audit';
import { UserRepository } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { JobsService, WorkGate } from '#queue';
import { BlobStore } from '#storage';
import { DatasetRepository } from '../dataset.repository.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { Leftovers } from '../leftovers.ts';
import { RecordRepository } from '../record.repository.ts';
import { SegmentReader } from '../segment.reader.ts';
import { CompactionCounters } from './compaction.counters.ts';
import { CompactionRepository } from './compaction.repository.ts';
import { CompactionService } from './compaction.service.ts';
import { CompactionSweeper } from './compaction.sweeper.ts';
import { Compactor } from './compactor.ts';
import type { RepackPool } from './repack.task.ts';

const COMPACTING = [
  Database,
  CompactionRepository,
  RecordRepository,
  SegmentReader,
  Leftovers,
  BlobStore,
  KeyService,
  SegmentPool,
  Audit,
  CompactionCounters,
  Log,
] as const;

/** Small segments are put together. */
export const compactionProviders: Provided[] = [
  provided(CompactionRepository, [Database]),
  provided(Leftovers, [Database, BlobStore, Log]),
  providedBy(Compactor, COMPACTING, (...parts) => {
    const [database, compaction, records, segments, leftovers, blobs, keys, threads, audit, counters, log] = parts;
    const pool = threads as unknown as RepackPool;
    const stored = { database, compaction, records, segments, leftovers, blobs };
    return new Compactor({ ...stored, keys, pool, audit, counters, log });
  }),
  providedBy(
    CompactionService,
    [Database, DatasetRepository, CompactionRepository, Compactor, JobsService, Audit],
    (database, datasets, compaction, compactor, jobs, audit) =>
      new CompactionService({ database, datasets, compaction, compactor, jobs, audit }),
  ),
  providedBy(
    CompactionSweeper,
    [Database, UserRepository, CompactionRepository, Compactor, Leftovers, Log, WorkGate],
    (...parts) => {
      const [database, tenants, compaction, compactor, leftovers, log, gate] = parts;
      return new CompactionSweeper({ database, tenants, compaction, compactor, leftovers, log, gate });
    },
  ),
];
