import { Audit } from '#audit';
import { Gatekeeper, UserRepository } from '#auth';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { JobsService, WorkGate } from '#queue';
import { CommitWriter } from '../commit.writer.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { KeyHashes } from './key-hashes.ts';
import { SplitRepository } from './split.repository.ts';
import { SplitStages } from './split.stages.ts';
import { SplitSweeper } from './split.sweeper.ts';
import type { SplitPool } from './split.tasks.ts';
import { SplitWriter } from './split.writer.ts';
import { SplitsService } from './splits.service.ts';

/** Which records are for training, and which for tests. */
export const splitProviders: Provided[] = [
  provided(SplitRepository, [Database]),
  providedBy(
    KeyHashes,
    [Database, RecordRepository, RecordReader, SegmentPool],
    (database, records, reader, pool) => new KeyHashes({ database, records, reader }, pool as unknown as SplitPool),
  ),
  providedBy(
    SplitStages,
    [Database, DatasetRepository, SplitRepository],
    (database, datasets, splits) => new SplitStages({ database, datasets, splits }),
  ),
  provided(SplitSweeper, [UserRepository, SplitStages, Log, WorkGate]),
  providedBy(
    SplitWriter,
    [Database, SplitRepository, SplitStages, BranchWriter, CommitWriter],
    (database, splits, stages, branches, commits) => new SplitWriter({ database, splits, stages, branches, commits }),
  ),
  providedBy(
    SplitsService,
    [Database, Gatekeeper, Refs, KeyHashes, SegmentPool, SplitWriter, BranchWriter, JobsService, Audit],
    (...parts) => {
      const [database, gatekeeper, refs, hashes, threads, writer, branches, jobs, audit] = parts;
      const pool = threads as unknown as SplitPool;
      return new SplitsService({ database, gatekeeper, refs, hashes, pool, writer, branches, jobs, audit });
    },
  ),
];
