import type { Database } from '#database';
import { type Principal, showId } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import { VersionConflict } from '../dataset.errors.ts';
import type { Refs } from '../refs.ts';
import type { MergesService, Terms } from '../versions/merges.service.ts';
import type { MergeRequest } from './merge-request.entity.ts';
import { ApprovalsMissing, ChangesRequested, MergeRequestEnded, NothingToMerge } from './merge-request.errors.ts';
import type { RequestRepository } from './request.repository.ts';
import type { RequestSight } from './request.sight.ts';
import type { RequestsService } from './requests.service.ts';
import { approversOf, isApproved, type Standing } from './standing.ts';

export interface MergerParts {
  database: Database;
  refs: Refs;
  requests: RequestsService;
  rows: RequestRepository;
  sight: RequestSight;
  merges: MergesService;
}

export interface AskedMerge {
  message?: string;
  /** The head that is to be merged; whatever it is when left out. */
  commitId?: string;
}

/** Merges what was reviewed, and nothing else: no strategy takes sides, and nothing is resolved on the way. */
export class RequestMerger {
  constructor(private readonly parts: MergerParts) {}

  /**
   * @throws DatasetNotFound, MergeRequestNotFound, MergeRequestEnded, RefNotFound, NothingToMerge, ApprovalsMissing,
   *   ChangesRequested, and as `MergesService.merge`
   */
  async merge(caller: Principal, datasetId: string, id: string, asked: AskedMerge): Promise<MergeRequest> {
    const { database, sight, requests, merges } = this.parts;
    const { request, head } = await database.inTenant(caller.tenantId, async () => {
      const found = await requests.mustFind(datasetId, id);
      if (found.status !== 'open') throw new MergeRequestEnded();
      const { source, target } = await sight.sides(found);
      // Judged again when it counts: here it spares the work of a merge that is not to be.
      mustBeApproved(await sight.standing(found, target, source, target.branch.requiredApprovals));
      return { request: found, head: source.commit.id };
    });
    if (asked.commitId !== undefined && asked.commitId !== head) throw new VersionConflict();
    const ask = { branch: request.target, strategy: 'fail', resolutions: [] } as const;
    const terms = this.terms(caller, request, asked.message);
    const { commit } = await merges.merge(caller, datasetId, showId('cm', head), ask, terms);
    const after = await database.inTenant(caller.tenantId, () => requests.mustFind(datasetId, id));
    if (commit) return after;
    // Nothing was left to do: also where somebody else was faster.
    throw after.status === 'open' ? new NothingToMerge() : new MergeRequestEnded();
  }

  /** Judged once the target is held and the request too: no push, review or change of the protection comes between. */
  private terms(caller: Principal, { datasetId, id }: MergeRequest, message: string | undefined): Terms {
    const { requests, refs, sight } = this.parts;
    let admitted: Admitted | null = null;
    return {
      admit: async ({ branch, head, layers }, theirs) => {
        const request = await requests.mustHoldOpen(datasetId, id);
        const source = await refs.resolveBranch(datasetId, request.source);
        if (source.commit.id !== theirs.commit.id) throw new VersionConflict();
        const ours = { commit: head, layers };
        const standing = await sight.standing(request, ours, theirs, branch.requiredApprovals);
        mustBeApproved(standing);
        const base = await sight.base(ours, theirs);
        admitted = { request, standing, headCommitId: theirs.commit.id, baseCommitId: base.commit.id };
        return messageOf(request, standing, message);
      },
      done: (commit) => this.done(caller, admitted!, commit),
    };
  }

  private async done(caller: Principal, admitted: Admitted, { id, changes }: Commit): Promise<void> {
    const { requests, rows } = this.parts;
    const { request, standing, headCommitId, baseCommitId } = admitted;
    const { required } = standing;
    const approvedBy = approversOf(standing);
    const outcome = { commitId: id, headCommitId, baseCommitId, changes: changes!, required, approvedBy };
    await rows.update(request.id, { status: 'merged', endedBy: caller.id, endedAt: new Date(), outcome });
    await requests.tell(caller, 'merge-request.merge', request, {
      commit: showId('cm', id),
      head: showId('cm', headCommitId),
      required_approvals: required,
      approved_by: approvedBy.map((user) => showId('usr', user)).join(' '),
    });
  }
}

/** What a merge was let in on. */
interface Admitted {
  request: MergeRequest;
  standing: Standing;
  headCommitId: string;
  baseCommitId: string;
}

/** @throws ChangesRequested, ApprovalsMissing */
function mustBeApproved(standing: Standing): void {
  if (standing.opposed.length > 0) throw new ChangesRequested();
  if (!isApproved(standing)) throw new ApprovalsMissing();
}

/** What is to be read years later: which request it was, and who approved. Trailers, as git has them. */
function messageOf({ id, title }: MergeRequest, standing: Standing, message: string | undefined): string {
  const approved = approversOf(standing).map((user) => `Approved-By: ${showId('usr', user)}`);
  return [message ?? title, '', `Merge-Request: ${showId('mr', id)}`, ...approved].join('\n');
}
