import type { Database } from '#database';
import type { Principal } from '#kernel';
import { RefNotFound } from '../dataset.errors.ts';
import { GateFailed } from '../gates/gate.errors.ts';
import { SchemaMismatch } from '../schemas/schema.errors.ts';
import type { Conflict } from '../versions/merge-conflict.ts';
import type { Foreseen, MergeForesight } from '../versions/merge.foresight.ts';
import type { MergePlan, MergePlanner } from '../versions/merge.planner.ts';
import { MergeConflict, MergeTooLarge } from '../versions/version.errors.ts';
import type { MergeRequest } from './merge-request.entity.ts';
import { ApprovalsMissing, ChangesRequested, MergeRequestEnded, NothingToMerge } from './merge-request.errors.ts';
import type { RequestSight, Sides } from './request.sight.ts';
import type { RequestsService } from './requests.service.ts';
import { isApproved, type Standing } from './standing.ts';

/** What would come of a merge. */
export interface Prospect {
  difference: MergePlan['difference'];
  conflicts: Conflict[];
  /** Null where there are conflicts. */
  foreseen: Foreseen | null;
}

/** A request, and how it would fare if it was merged at this moment. */
export interface Outlook {
  request: MergeRequest;
  /** Null once it has ended, and when a branch is gone. */
  sides: Sides | null;
  standing: Standing | null;
  /** Null also when it would be too large. */
  prospect: Prospect | null;
  /** Codes of the errors that a merge would meet; none, and it can be merged. */
  obstacles: string[];
}

/** Looks ahead for whoever reviews or merges. Changes nothing. */
export class RequestOutlook {
  constructor(
    private readonly database: Database,
    private readonly requests: RequestsService,
    private readonly sight: RequestSight,
    private readonly planner: MergePlanner,
    private readonly foresight: MergeForesight,
  ) {}

  /** @throws DatasetNotFound, MergeRequestNotFound */
  async of(caller: Principal, datasetId: string, id: string): Promise<Outlook> {
    const { tenantId } = caller;
    const { request, sides, standing } = await this.database.inTenant(tenantId, async () => {
      const found = await this.requests.mustFind(datasetId, id);
      await this.requests.tell(caller, 'merge-request.read', found);
      return { request: found, ...(await this.reviewed(found)) };
    });
    if (!sides) {
      const { code } = request.status === 'open' ? RefNotFound : MergeRequestEnded;
      return { request, sides, standing, prospect: null, obstacles: [code] };
    }
    const prospect = await this.prospect(tenantId, sides);
    return { request, sides, standing, prospect, obstacles: obstaclesOf(sides, standing!, prospect) };
  }

  private async reviewed(request: MergeRequest): Promise<Pick<Outlook, 'sides' | 'standing'>> {
    const sides = request.status === 'open' ? await this.sight.sidesIfThere(request) : null;
    if (!sides) return { sides, standing: null };
    const { source, target } = sides;
    return { sides, standing: await this.sight.standing(request, target, source, target.branch.requiredApprovals) };
  }

  /** Null when more would change than one merge may. */
  private async prospect(tenantId: string, { base, target, source }: Sides): Promise<Prospect | null> {
    const sides = { base, ours: target, theirs: source };
    try {
      const plan = await this.planner.plan(tenantId, sides, { strategy: 'fail', resolutions: [] });
      const { changes, conflicts, difference } = plan;
      const foreseen = conflicts.length > 0 ? null : await this.foresight.of(tenantId, target, changes);
      return { difference, conflicts, foreseen };
    } catch (error) {
      if (error instanceof MergeTooLarge) return null;
      throw error;
    }
  }
}

function obstaclesOf({ base, source }: Sides, standing: Standing, prospect: Prospect | null): string[] {
  const { conflicts = [], foreseen = null } = prospect ?? {};
  const found: [{ code: string }, boolean][] = [
    [NothingToMerge, base.commit.id === source.commit.id],
    [MergeTooLarge, prospect === null],
    [MergeConflict, conflicts.length > 0],
    [SchemaMismatch, (foreseen?.schema.length ?? 0) > 0],
    [GateFailed, (foreseen?.gates.length ?? 0) > 0],
    [ChangesRequested, standing.opposed.length > 0],
    [ApprovalsMissing, !isApproved(standing)],
  ];
  return found.filter(([, stands]) => stands).map(([{ code }]) => code);
}
