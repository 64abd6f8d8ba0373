import type { UserRights } from '#auth';
import { RefNotFound } from '../dataset.errors.ts';
import type { Refs, Seen, Snapshot } from '../refs.ts';
import type { Branch } from '../branch.entity.ts';
import type { MergeBase } from '../versions/merge-base.ts';
import type { MergeRequest } from './merge-request.entity.ts';
import type { RequestRepository } from './request.repository.ts';
import { type Standing, standingOf } from './standing.ts';

export type Side = Snapshot & { branch: Branch };

/** Where both branches of a request are at the moment, and where they parted. */
export interface Sides {
  source: Side;
  target: Side;
  base: Seen;
}

/** Looks up what a request is about; every method runs in the caller's transaction. */
export class RequestSight {
  constructor(
    private readonly refs: Refs,
    private readonly bases: MergeBase,
    private readonly requests: RequestRepository,
    private readonly rights: Pick<UserRights, 'may'>,
  ) {}

  /** @throws DatasetNotFound, RefNotFound */
  async sides({ datasetId, source: from, target: to }: Named): Promise<Sides> {
    const source = await this.refs.resolveBranch(datasetId, from);
    const target = await this.refs.resolveBranch(datasetId, to);
    return { source, target, base: await this.base(target, source) };
  }

  /** Where two histories parted. */
  base(ours: Seen, theirs: Seen): Promise<Seen> {
    return this.bases.of(ours, theirs);
  }

  /** Null when a branch of it is gone. @throws DatasetNotFound */
  async sidesIfThere(request: MergeRequest): Promise<Sides | null> {
    return this.sides(request).catch((error: unknown) => {
      if (error instanceof RefNotFound) return null;
      throw error;
    });
  }

  /** Who opened it, and who made what the source has and the target has not. */
  async parties({ openedBy }: MergeRequest, ours: Seen, theirs: Seen): Promise<Set<string>> {
    return (await this.bases.authorsBetween(ours, theirs)).add(openedBy);
  }

  async standing(request: MergeRequest, ours: Seen, theirs: Seen, required: number): Promise<Standing> {
    const { id, tenantId, datasetId } = request;
    const lastWords = await this.requests.lastWords(id);
    const permitted = new Set<string>();
    for (const { reviewerId, decision } of lastWords) {
      if (decision !== 'approve') continue;
      if (await this.rights.may(tenantId, reviewerId, 'dataset:review', datasetId)) permitted.add(reviewerId);
    }
    const parties = await this.parties(request, ours, theirs);
    return standingOf(lastWords, { required, headCommitId: theirs.commit.id, parties, permitted });
  }
}

/** A target that is left out is the default branch. */
type Named = Pick<MergeRequest, 'datasetId' | 'source'> & { target?: string };
