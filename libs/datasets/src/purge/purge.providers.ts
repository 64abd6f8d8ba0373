import { Audit } from '#audit';
import { Database } from '#database';
import { Log, type Provided, provided, providedBy } from '#kernel';
import { JobsService } from '#queue';
import { TraceRepository } from '../contents/trace.repository.ts';
import { DatasetRepository } from '../dataset.repository.ts';
import { Leftovers } from '../leftovers.ts';
import { MergeBase } from '../versions/merge-base.ts';
import { PurgeCounters } from './purge.counters.ts';
import { PurgeRepository } from './purge.repository.ts';
import { PurgeService } from './purge.service.ts';
import { Purger } from './purger.ts';
import { RemainsRepository } from './remains.repository.ts';

/** What nothing leads to any more goes. */
export const purgeProviders: Provided[] = [
  provided(PurgeRepository, [Database]),
  provided(RemainsRepository, [Database, TraceRepository]),
  providedBy(
    Purger,
    [Database, DatasetRepository, PurgeRepository, RemainsRepository, MergeBase, Leftovers, Audit, PurgeCounters, Log],
    (...parts) => {
      const [database, datasets, purge, remains, histories, leftovers, audit, counters, log] = parts;
      return new Purger({ database, datasets, purge, remains, histories, leftovers, audit, counters, log });
    },
  ),
  providedBy(
    PurgeService,
    [Database, DatasetRepository, Purger, JobsService, Audit],
    (database, datasets, purger, jobs, audit) => new PurgeService({ database, datasets, purger, jobs, audit }),
  ),
];
