import type { MergeReview } from './merge-request.entity.ts';

/** Why an approval does not count: it is of an older head, of somebody's own work, or of one who may not review any more. */
export type Flaw = 'stale' | 'own' | 'not-permitted';

export interface Approval {
  review: MergeReview;
  /** Null: it counts. */
  flaw: Flaw | null;
}

/** How far the reviews of a request have come. */
export interface Standing {
  /** How many approvals the target asks for. */
  required: number;
  approvals: Approval[];
  /** Those who ask for changes. */
  opposed: MergeReview[];
}

export interface ReviewFacts {
  required: number;
  /** The head of the source. */
  headCommitId: string;
  /** Who opened it, and who made a commit of it. */
  parties: ReadonlySet<string>;
  /** Who may review at the moment. */
  permitted: ReadonlySet<string>;
}

/** From the last word of each reviewer. What was dismissed is as if it had not been said, and nothing before it either. */
export function standingOf(lastWords: readonly MergeReview[], facts: ReviewFacts): Standing {
  const said = lastWords.filter(({ dismissedBy }) => dismissedBy === null);
  return {
    required: facts.required,
    approvals: said
      .filter(({ decision }) => decision === 'approve')
      .map((review) => ({ review, flaw: flawOf(review, facts) })),
    opposed: said.filter(({ decision }) => decision === 'request_changes'),
  };
}

function flawOf({ reviewerId, commitId }: MergeReview, facts: ReviewFacts): Flaw | null {
  if (facts.parties.has(reviewerId)) return 'own';
  if (commitId !== facts.headCommitId) return 'stale';
  return facts.permitted.has(reviewerId) ? null : 'not-permitted';
}

/** Who approved what the source is now. */
export function approversOf({ approvals }: Standing): string[] {
  return approvals.filter(({ flaw }) => flaw === null).map(({ review }) => review.reviewerId);
}

export function isApproved(standing: Standing): boolean {
  return approversOf(standing).length >= standing.required;
}
