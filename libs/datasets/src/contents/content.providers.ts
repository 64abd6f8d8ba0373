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
import type { ContentPool } from './content.tasks.ts';

const HASHING = [
  Database,
  ContentHashingRepository,
  ContentHashRepository,
  CompactionRepository,
  RecordReader,
  KeyService,
  SegmentPool,
  JobsService,
] as const;

/** What records say, as far as gates have to know it. */
export const contentProviders: Provided[] = [
  provided(ContentHashRepository, [Database]),
  provided(ContentHashingRepository, [Database]),
  providedBy(ContentHashesService, HASHING, (...parts) => {
    const [database, hashings, hashes, branches, reader, keys, threads, jobs] = parts;
    const pool = threads as unknown as ContentPool;
    return new ContentHashesService({ database, hashings, hashes, branches, reader, keys, pool, jobs });
  }),
];
