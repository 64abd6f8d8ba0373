import type { Audit } from '#audit';
import type { Database } from '#database';
import { fromCursor, BadCursor, type Page, type Principal, showId, toCursor } from '#kernel';
import type { PlainReasons } from '#pii-rules';
import { VersionConflict } from '../dataset.errors.ts';
import type { MergeRequest, MergeReview, ReviewDecision } from './merge-request.entity.ts';
import { ReviewNotFound, ReviewOwn } from './merge-request.errors.ts';
import type { RequestRepository } from './request.repository.ts';
import type { RequestSight, Sides } from './request.sight.ts';
import type { RequestsService } from './requests.service.ts';

export interface NewReviewOf {
  decision: ReviewDecision;
  note: string;
  /** The head that was looked at; whatever it is when left out. */
  commitId?: string;
}

export interface ReviewsParts {
  database: Database;
  requests: RequestsService;
  rows: RequestRepository;
  sight: RequestSight;
  reasons: PlainReasons;
  audit: Audit;
}

/** What reviewers say of merge requests. */
export class ReviewsService {
  constructor(private readonly parts: ReviewsParts) {}

  /**
   * Holds for the commit that is the head of the source now, and must be the one that was looked at.
   *
   * @throws DatasetNotFound, MergeRequestNotFound, MergeRequestEnded, RefNotFound, VersionConflict, ReviewOwn, ReasonPersonal
   */
  review(caller: Principal, datasetId: string, id: string, said: NewReviewOf): Promise<MergeReview> {
    const { database, requests, rows, sight, reasons } = this.parts;
    const { decision, note } = said;
    reasons.mustBePlain(note, '/note');
    return database.inTenant(caller.tenantId, async () => {
      const request = await requests.mustHoldOpen(datasetId, id);
      const sides = await sight.sides(request);
      const { id: commitId } = sides.source.commit;
      if (said.commitId !== undefined && said.commitId !== commitId) throw new VersionConflict();
      if (decision === 'approve') await this.mustBeOfOthers(caller, request, sides);
      const { tenantId, id: reviewerId } = caller;
      const review = await rows.insertReview({ tenantId, requestId: id, reviewerId, decision, commitId, note });
      const details = { review: showId('rvw', review.id), decision, commit: showId('cm', commitId) };
      await requests.tell(caller, 'merge-request.review', request, details);
      return review;
    });
  }

  /** As it was said. @throws DatasetNotFound, MergeRequestNotFound, BadCursor */
  list(
    caller: Principal,
    datasetId: string,
    id: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<MergeReview>> {
    const after = ordinalAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.parts.requests.mustFind(datasetId, id);
      const found = await this.parts.rows.reviews(id, limit + 1, after);
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? toCursor([items.at(-1)!.ordinal]) : null };
    });
  }

  /** Takes the weight from an approval, or from what somebody asks for. @throws as `review`, and ReviewNotFound */
  dismiss(caller: Principal, at: ReviewPlace, reason: string): Promise<MergeReview> {
    const { database, requests, rows, sight, reasons } = this.parts;
    const { datasetId, id, reviewId } = at;
    reasons.mustBePlain(reason);
    return database.inTenant(caller.tenantId, async () => {
      const request = await requests.mustHoldOpen(datasetId, id);
      const review = await rows.findReview(id, reviewId);
      if (!review || review.decision === 'comment') throw new ReviewNotFound();
      if (review.dismissedBy !== null) return review;
      if (review.decision === 'request_changes') {
        await this.mustBeOfOthers(caller, request, await sight.sidesIfThere(request));
      }
      await rows.dismiss(reviewId, caller.id, reason);
      const details = { review: showId('rvw', reviewId), reason };
      await requests.tell(caller, 'merge-request.dismiss', request, details);
      return (await rows.findReview(id, reviewId))!;
    });
  }

  /** Tells of whoever tries it anyway. @throws ReviewOwn */
  private async mustBeOfOthers(caller: Principal, request: MergeRequest, sides: Sides | null): Promise<void> {
    const { sight, database, audit } = this.parts;
    const parties = sides ? await sight.parties(request, sides.target, sides.source) : new Set([request.openedBy]);
    if (!parties.has(caller.id)) return;
    const resource = showId('mr', request.id);
    const reason = 'nobody reviews their own work';
    // What is refused is rolled back, and that it was refused is not.
    await database.apart(caller.tenantId, () =>
      audit.append(caller, { action: 'merge-request.review', resource, result: 'denied', reason }),
    );
    throw new ReviewOwn();
  }
}

export interface ReviewPlace {
  datasetId: string;
  /** Of the request. */
  id: string;
  reviewId: string;
}

/** @throws BadCursor */
function ordinalAfter(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [ordinal] = fromCursor(cursor, 1) ?? [];
  if (typeof ordinal !== 'number' || !Number.isInteger(ordinal) || Math.abs(ordinal) >= 2 ** 31) throw new BadCursor();
  return ordinal;
}
