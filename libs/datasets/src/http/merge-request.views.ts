import { showId, wireCode } from '#kernel';
import type { MergeRequest, MergeReview } from '../requests/merge-request.entity.ts';
import type { Outlook } from '../requests/request.outlook.ts';
import { approversOf, type Standing } from '../requests/standing.ts';
import { conflictsView, foreseenView } from './merge.schema.ts';

export function requestView(request: MergeRequest): object {
  const { id, title, description, source, target, status, openedBy, createdAt, endedBy, endedAt, outcome } = request;
  return {
    id: showId('mr', id),
    title,
    description,
    source,
    target,
    status,
    opened_by: showId('usr', openedBy),
    created_at: createdAt.toISOString(),
    ended_by: endedBy && showId('usr', endedBy),
    ended_at: endedAt && endedAt.toISOString(),
    merge_commit_id: outcome && showId('cm', outcome.commitId),
  };
}

export function reviewView({ dismissedBy, ...review }: MergeReview): object {
  return {
    id: showId('rvw', review.id),
    reviewer_id: showId('usr', review.reviewerId),
    decision: review.decision,
    commit_id: showId('cm', review.commitId),
    note: review.note,
    created_at: review.createdAt.toISOString(),
    dismissed_by: dismissedBy && showId('usr', dismissedBy),
    dismiss_reason: review.dismissReason,
  };
}

export function outlookView({ request, sides, standing, prospect, obstacles }: Outlook): object {
  const { outcome } = request;
  const head = sides?.source.commit.id ?? outcome?.headCommitId;
  const base = sides?.base.commit.id ?? outcome?.baseCommitId;
  return {
    ...requestView(request),
    head_commit_id: head ? showId('cm', head) : null,
    merge_base_id: base ? showId('cm', base) : null,
    statistics: prospect?.difference ?? (outcome && { changed: 0, removed: 0, ...outcome.changes }),
    conflicts: prospect && conflictsView(prospect.conflicts),
    verdicts: prospect?.foreseen ? foreseenView(prospect.foreseen) : null,
    approvals: standing && standingView(standing),
    mergeable: obstacles.length === 0,
    obstacles: obstacles.map(wireCode),
  };
}

function standingView(standing: Standing): object {
  return {
    required: standing.required,
    given: approversOf(standing).length,
    by: standing.approvals.map(({ review, flaw }) => ({
      ...placeOf(review),
      commit_id: showId('cm', review.commitId),
      counts: flaw === null,
      why_not: flaw,
    })),
    changes_requested_by: standing.opposed.map(placeOf),
  };
}

function placeOf({ id, reviewerId }: MergeReview): object {
  return { review_id: showId('rvw', id), reviewer_id: showId('usr', reviewerId) };
}
