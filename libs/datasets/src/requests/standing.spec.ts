import type { MergeReview } from './merge-request.entity.ts';
import { approversOf, isApproved, type ReviewFacts, standingOf } from './standing.ts';

const said = (reviewerId: string, more: object = {}): MergeReview => ({
  id: `review of ${reviewerId}`,
  tenantId: 't',
  requestId: 'r',
  ordinal: 1,
  reviewerId,
  decision: 'approve',
  commitId: 'head',
  note: '',
  dismissedBy: null,
  dismissReason: null,
  createdAt: new Date(),
  ...more,
});
const facts: ReviewFacts = {
  required: 1,
  headCommitId: 'head',
  parties: new Set(['opener', 'author']),
  permitted: new Set(['ada', 'opener', 'author']),
};

describe('the standing of a merge request', () => {
  it.each([
    ['counts an approval of the head', said('ada'), null],
    ['counts none of an older head', said('ada', { commitId: 'older' }), 'stale'],
    ['counts none of who opened it', said('opener'), 'own'],
    ['counts none of who made a commit of it', said('author', { commitId: 'older' }), 'own'],
    ['counts none of who may not review any more', said('bob'), 'not-permitted'],
  ])('%s', (_, review, flaw) => {
    const standing = standingOf([review], facts);
    expect(standing.approvals).toEqual([{ review, flaw }]);
    expect([approversOf(standing).length, isApproved(standing)]).toEqual(flaw === null ? [1, true] : [0, false]);
  });

  it('knows who asks for changes, and forgets what was dismissed', () => {
    const asking = { decision: 'request_changes', commitId: 'older' };
    const asks = said('bob', asking);
    expect(standingOf([said('ada'), asks], facts).opposed).toEqual([asks]);
    const gone = { dismissedBy: 'root' };
    const dismissed = standingOf([said('ada', gone), said('bob', { ...asking, ...gone })], facts);
    expect([dismissed.approvals, dismissed.opposed, isApproved(dismissed)]).toEqual([[], [], false]);
    expect(isApproved(standingOf([], { ...facts, required: 0 }))).toBe(true);
  });
});
