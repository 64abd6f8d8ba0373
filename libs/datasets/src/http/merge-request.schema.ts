import { z } from 'zod';
import { pageOf, PageQuery, sentId, text as line } from '#rest';
import { REQUEST_STATES, REVIEW_DECISIONS } from '../requests/merge-request.entity.ts';
import { ConflictsView, ForeseenView } from './merge.schema.ts';
import { text } from './wire.ts';

const branch = z.string().min(1).max(255);

export const NewMergeRequest = z
  .strictObject({
    title: line(200).min(1).describe('Without personal data: it is kept in plain sight'),
    description: text(4000).default(''),
    source: branch.describe('The branch that is to be merged'),
    target: branch.optional().describe('Where it goes; the default branch when left out'),
  })
  .meta({ id: 'NewMergeRequest', example: { title: 'Take out what was recorded twice', source: 'cleaning' } });
export type NewMergeRequest = z.infer<typeof NewMergeRequest>;

export const RequestPath = z.strictObject({ id: sentId('ds'), mr: sentId('mr') });
export type RequestPath = z.infer<typeof RequestPath>;

export const ReviewPath = RequestPath.extend({ review: sentId('rvw') });
export type ReviewPath = z.infer<typeof ReviewPath>;

export const RequestQuery = PageQuery.extend({ status: z.enum(REQUEST_STATES).optional() });

export const NewReview = z
  .strictObject({
    decision: z.enum(REVIEW_DECISIONS),
    note: text(2000).default('').describe('Without personal data: it is kept in plain sight'),
    commit_id: sentId('cm').optional().describe('The head that was looked at; needed to approve'),
  })
  .refine(({ decision, commit_id }) => decision !== 'approve' || commit_id !== undefined, {
    path: ['commit_id'],
    message: 'Expected the head commit that was looked at: an approval is for that one',
  })
  .meta({ id: 'NewReview', example: { decision: 'comment', note: 'The first hundred look right' } });
export type NewReview = z.infer<typeof NewReview>;

export const Dismissal = z
  .strictObject({ reason: text(500).min(3).describe('Kept in plain sight') })
  .meta({ id: 'ReviewDismissal', example: { reason: 'What was asked for was done' } });
export type Dismissal = z.infer<typeof Dismissal>;

export const RequestMerge = z
  .strictObject({
    // One line: what follows it is what the vault says of the request and of who approved.
    message: line(1000).optional().describe('What the commit says before the request and who approved'),
    commit_id: sentId('cm').optional().describe('Only if this is the head of the source'),
  })
  .meta({ id: 'MergeRequestMerge', example: { message: 'Nothing is recorded twice any more' } });
export type RequestMerge = z.infer<typeof RequestMerge>;

const request = {
  id: z.string(),
  title: z.string(),
  description: z.string(),
  source: z.string(),
  target: z.string(),
  status: z.enum(REQUEST_STATES),
  opened_by: z.string(),
  created_at: z.string(),
  ended_by: z.string().nullable().describe('Who merged or closed it'),
  ended_at: z.string().nullable(),
  merge_commit_id: z.string().nullable(),
};

export const MergeRequestView = z.object(request).meta({ id: 'MergeRequest' });
export const MergeRequestPage = pageOf(MergeRequestView, 'MergeRequestPage');

export const ReviewView = z
  .object({
    id: z.string(),
    reviewer_id: z.string(),
    decision: z.enum(REVIEW_DECISIONS),
    commit_id: z.string().describe('The head it was about'),
    note: z.string(),
    created_at: z.string(),
    dismissed_by: z.string().nullable(),
    dismiss_reason: z.string().nullable(),
  })
  .meta({ id: 'MergeReview' });
export const ReviewPage = pageOf(ReviewView, 'MergeReviewPage');

const Approvals = z.object({
  required: z.int(),
  given: z.int().describe('Those that count'),
  by: z.array(
    z.object({
      review_id: z.string(),
      reviewer_id: z.string(),
      commit_id: z.string(),
      counts: z.boolean(),
      why_not: z
        .enum(['stale', 'own', 'not-permitted'])
        .nullable()
        .describe('Of an older head; of their own work; of one who may not review any more'),
    }),
  ),
  changes_requested_by: z.array(z.object({ review_id: z.string(), reviewer_id: z.string() })),
});

export const MergeRequestDetail = z
  .object({
    ...request,
    head_commit_id: z.string().nullable().describe('Of the source; what was merged once it was'),
    merge_base_id: z.string().nullable(),
    statistics: z
      .object({ added: z.int(), changed: z.int(), removed: z.int() })
      .nullable()
      .describe('Records that the source changes; null when it is closed or would be too large'),
    conflicts: ConflictsView.nullable().describe('The first hundred; null where nobody looked'),
    verdicts: ForeseenView.nullable().describe('What the schema and the gates say of it; null where it conflicts'),
    approvals: Approvals.nullable().describe('Null once it has ended'),
    mergeable: z.boolean(),
    obstacles: z.array(z.string()).describe('Why it cannot be merged: the codes of the errors that a merge would meet'),
  })
  .meta({ id: 'MergeRequestDetail' });
