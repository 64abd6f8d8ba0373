import { Audit } from '#audit';
import { Gatekeeper } from '#auth';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { JobsService } from '#queue';
import { Likeness } from '../duplicates/likeness.ts';
import { Sketcher } from '../duplicates/sketcher.ts';
import { SegmentPool } from '../ingest/segment.pool.ts';
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
    [Sketcher, SegmentPool, Likeness, KeyHashes],
    (sketcher, threads, likeness, hashes) => new LeakFinder(sketcher, threads as unknown as LeakPool, likeness, hashes),
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
