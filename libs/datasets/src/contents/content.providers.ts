import { KeyService } from '#crypto';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { JobsService } from '#queue';
import { CompactionRepository } from '../compaction/compaction.repository.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
import { RecordReader } from '../record.reader.ts';
import { ContentHashRepository } from './content-hash.repository.ts';
import { ContentHashesService } from './content-hashes.service.ts';
import { ContentHashingRepository } from './content-hashing.repository.ts';
import { ContentSketchRepository } from './content-sketch.repository.ts';
import { ContentSketchesService } from './content-sketches.service.ts';
import { ContentSketchingRepository } from './content-sketching.repository.ts';
import type { ContentPool } from './content.tasks.ts';
import { TraceRepository } from './trace.repository.ts';

const KEEPING = [Database, CompactionRepository, RecordReader, KeyService, SegmentPool, JobsService] as const;

/** What records say, as far as gates have to know it. */
export const contentProviders: Provided[] = [
  provided(ContentHashRepository, [Database]),
  provided(ContentHashingRepository, [Database]),
  provided(ContentSketchRepository, [Database]),
  provided(ContentSketchingRepository, [Database]),
  provided(TraceRepository, [Database, ContentHashRepository, ContentSketchRepository]),
  providedBy(
    ContentHashesService,
    [ContentHashRepository, ContentHashingRepository, ...KEEPING],
    (hashes, hashings, database, branches, reader, ...[keys, threads, jobs]) => {
      const pool = threads as unknown as ContentPool;
      return new ContentHashesService({ database, hashings, branches, reader, keys, pool, jobs }, hashes);
    },
  ),
  providedBy(
    ContentSketchesService,
    [ContentSketchRepository, ContentSketchingRepository, ...KEEPING],
    (sketches, hashings, database, branches, reader, ...[keys, threads, jobs]) => {
      const pool = threads as unknown as ContentPool;
      return new ContentSketchesService({ database, hashings, branches, reader, keys, pool, jobs }, sketches);
    },
  ),
];
