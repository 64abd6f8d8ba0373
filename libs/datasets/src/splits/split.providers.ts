import { Audit } from '#audit';
import { Gatekeeper } from '#auth';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { JobsService, Outbox } from '#queue';
import { BranchRepository } from '../branch.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { GateJudge } from '../gates/gate.judge.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { ChangeRepository } from '../writes/change.repository.ts';
import { KeyHashes } from './key-hashes.ts';
import { SplitRepository } from './split.repository.ts';
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
    SplitWriter,
    [SplitRepository, ChangeRepository, BranchRepository, DatasetRepository, Audit, Outbox, GateJudge],
    (...parts) => {
      const [splits, changes, branches, datasets, audit, outbox, judge] = parts;
      return new SplitWriter({ splits, changes, branches, datasets, audit, outbox, judge });
    },
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
