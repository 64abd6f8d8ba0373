import { Audit } from '#audit';
import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { JobsService } from '#queue';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { RecordRepository } from '../record.repository.ts';
import { Refs } from '../refs.ts';
import { BranchWriter } from '../writes/branch.writer.ts';
import { DuplicateFinder } from './duplicate.finder.ts';
import { DuplicateRepository } from './duplicate.repository.ts';
import type { DuplicatePool } from './duplicate.tasks.ts';
import { DuplicatesService } from './duplicates.service.ts';
import { Likeness } from './likeness.ts';
import { Sketcher } from './sketcher.ts';

/** Records that are the same, or nearly. */
export const duplicateProviders: Provided[] = [
  provided(DuplicateRepository, [Database]),
  providedBy(
    Likeness,
    [Database, RecordRepository, RecordReader, SegmentPool],
    (database, records, reader, pool) => new Likeness({ database, records, reader }, pool as unknown as DuplicatePool),
  ),
  providedBy(
    Sketcher,
    [Database, RecordRepository, RecordReader, KeyService, SegmentPool],
    (database, records, reader, keys, pool) =>
      new Sketcher({ database, records, reader }, keys, pool as unknown as DuplicatePool),
  ),
  providedBy(
    DuplicateFinder,
    [Sketcher, SegmentPool, Likeness],
    (sketcher, pool, likeness) => new DuplicateFinder(sketcher, pool as unknown as DuplicatePool, likeness),
  ),
  providedBy(
    DuplicatesService,
    [Database, Refs, RecordRepository, DuplicateRepository, DuplicateFinder, BranchWriter, JobsService, Audit],
    (...parts) => {
      const [database, refs, records, duplicates, finder, writer, jobs, audit] = parts;
      return new DuplicatesService({ database, refs, records, duplicates, finder, writer, jobs, audit });
    },
  ),
];
