import { Audit } from '#audit';
import { Gatekeeper } from '#auth';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { JobsService } from '#queue';
import type { DuplicatePool } from '../duplicates/duplicate.tasks.ts';
import { Likeness } from '../duplicates/likeness.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import type { LineParts } from '../line-batches.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { KeyHashes } from '../splits/key-hashes.ts';
import { LeakFinder } from './leak.finder.ts';
import { LeakRepository } from './leak.repository.ts';
import type { LeakPool } from './leak.tasks.ts';
import { LeakageService } from './leakage.service.ts';

/** What splits have in common that should not. */
export const leakageProviders: Provided[] = [
  provided(LeakRepository, [Database]),
  providedBy(
    LeakFinder,
    [Database, RecordRepository, RecordReader, KeyService, SegmentPool, Likeness, KeyHashes],
    (...parts) => {
      const [database, records, reader, secrets, threads, likeness, hashes] = parts;
      const lines: LineParts = { database, records, reader };
      return new LeakFinder(lines, secrets, threads as unknown as DuplicatePool & LeakPool, likeness, hashes);
    },
  ),
  providedBy(
    LeakageService,
    [Database, Gatekeeper, Refs, LeakRepository, LeakFinder, JobsService, Audit],
    (...parts) => {
      const [database, gatekeeper, refs, leaks, finder, jobs, audit] = parts;
      return new LeakageService({ database, gatekeeper, refs, leaks, finder, jobs, audit });
    },
  ),
];
