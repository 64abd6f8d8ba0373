import { Audit } from '#audit';
import { UserRights } from '#auth';
import { Database } from '#database';
import { type Provided, provided, providedBy } from '#kernel';
import { PlainReasons } from '#pii-rules';
import { DatasetRepository } from '../dataset.repository.ts';
import { Refs } from '../refs.ts';
import { MergeBase } from '../versions/merge-base.ts';
import { MergeForesight } from '../versions/merge.foresight.ts';
import { MergePlanner } from '../versions/merge.planner.ts';
import { MergesService } from '../versions/merges.service.ts';
import { RequestMerger } from './request.merger.ts';
import { RequestOutlook } from './request.outlook.ts';
import { RequestRepository } from './request.repository.ts';
import { RequestSight } from './request.sight.ts';
import { RequestsService } from './requests.service.ts';
import { ReviewsService } from './reviews.service.ts';

/** Merge requests, their reviews, and their merges. */
export const requestProviders: Provided[] = [
  provided(RequestRepository, [Database]),
  provided(RequestSight, [Refs, MergeBase, RequestRepository, UserRights]),
  providedBy(
    RequestsService,
    [Database, DatasetRepository, RequestRepository, RequestSight, PlainReasons, Audit],
    (database, datasets, requests, sight, reasons, audit) =>
      new RequestsService({ database, datasets, requests, sight, reasons, audit }),
  ),
  providedBy(
    ReviewsService,
    [Database, RequestsService, RequestRepository, RequestSight, PlainReasons, Audit],
    (database, requests, rows, sight, reasons, audit) =>
      new ReviewsService({ database, requests, rows, sight, reasons, audit }),
  ),
  provided(RequestOutlook, [Database, RequestsService, RequestSight, MergePlanner, MergeForesight]),
  providedBy(
    RequestMerger,
    [Database, Refs, RequestsService, RequestRepository, RequestSight, MergesService],
    (database, refs, requests, rows, sight, merges) =>
      new RequestMerger({ database, refs, requests, rows, sight, merges }),
  ),
];
