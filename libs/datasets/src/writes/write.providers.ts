import { Audit } from '#audit';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { TenantRules } from '#pii-rules';
import { Outbox } from '#queue';
import { BlobStore } from '#storage';
import { BranchRepository } from '../branch.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { TraceRepository } from '../contents/trace.repository.ts';
import { Balances } from '../gates/balances.ts';
import { GateJudge } from '../gates/gate.judge.ts';
import { Leaks } from '../gates/leaks.ts';
import { Nears } from '../gates/nears.ts';
import { Repeats } from '../gates/repeats.ts';
import { HeldWrites } from '../quarantine/held.writes.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { RecordRulesOf } from '../schemas/record.rules.ts';
import { BranchWriter } from './branch.writer.ts';
import { ChangeRepository } from './change.repository.ts';
import { RecordSealer, type SealingPool } from './record.sealer.ts';
import { RecordWriter } from './record.writer.ts';
import { WriteCommitter } from './write.committer.ts';
import { WriteLanes } from './write.lanes.ts';

/** Single writes, and what they share with merges. */
export function writeProviders(minConfidence: number): Provided[] {
  return [
    provided(ChangeRepository, [Database]),
    providedBy(
      RecordSealer,
      [BlobStore, KeyService, SegmentPool, TenantRules],
      (blobs, keys, pool, rules) => new RecordSealer(blobs, keys, pool as unknown as SealingPool, rules, minConfidence),
    ),
    providedBy(
      BranchWriter,
      [Database, BranchRepository, RecordRepository, ChangeRepository, TraceRepository, Audit, Outbox, GateJudge],
      (...parts) => {
        const [database, branches, records, changes, traces, audit, outbox, judge] = parts;
        return new BranchWriter({ database, branches, records, changes, traces, audit, outbox, judge });
      },
    ),
    providedBy(
      WriteCommitter,
      [Database, DatasetRepository, RecordRepository, BranchWriter, HeldWrites, Repeats, Nears, Leaks, Balances],
      (...[database, datasets, records, writer, held, repeats, nears, leaks, balances]) =>
        new WriteCommitter(database, datasets, records, writer, held, { repeats, nears, leaks, balances }),
    ),
    provided(WriteLanes, [RecordSealer, WriteCommitter, RecordRulesOf]),
    providedBy(
      RecordWriter,
      [Database, RecordRepository, RecordReader, Refs, WriteLanes],
      (database, records, reader, refs, lanes) => new RecordWriter({ database, records, reader, refs, lanes }),
    ),
  ];
}
