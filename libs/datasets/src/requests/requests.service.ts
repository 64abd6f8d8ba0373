import type { Audit } from '#audit';
import { type Database, violates } from '#database';
import { idAfter, newId, type Page, pageById, type Principal, showId } from '#kernel';
import type { PlainReasons } from '#pii-rules';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { MergeRequest, RequestState } from './merge-request.entity.ts';
import { MergeRequestEnded, MergeRequestExists, MergeRequestNotFound, NothingToMerge } from './merge-request.errors.ts';
import type { RequestRepository } from './request.repository.ts';
import type { RequestSight } from './request.sight.ts';

export interface NewRequest {
  title: string;
  description: string;
  source: string;
  /** The default branch when left out. */
  target?: string;
}

export interface RequestsParts {
  database: Database;
  datasets: DatasetRepository;
  requests: RequestRepository;
  sight: RequestSight;
  reasons: PlainReasons;
  audit: Audit;
}

/** Merge requests from their opening to their end. */
export class RequestsService {
  constructor(private readonly parts: RequestsParts) {}

  /** @throws DatasetNotFound, RefNotFound, NothingToMerge, MergeRequestExists, ReasonPersonal */
  open(caller: Principal, datasetId: string, wanted: NewRequest): Promise<MergeRequest> {
    const { requests, sight, reasons } = this.parts;
    reasons.mustBePlain(wanted.title, '/title');
    reasons.mustBePlain(wanted.description, '/description');
    return this.once(caller, async () => {
      const { source, target, base } = await sight.sides({ ...wanted, datasetId });
      if (base.commit.id === source.commit.id) throw new NothingToMerge();
      const { title, description } = wanted;
      const [id, names] = [newId(), { source: source.branch.name!, target: target.branch.name! }];
      const { id: openedBy, tenantId } = caller;
      await requests.insert({ id, tenantId, datasetId, ...names, title, description, status: 'open', openedBy });
      const request = await this.mustFind(datasetId, id);
      await this.tell(caller, 'merge-request.open', request, { ...names, head: showId('cm', source.commit.id) });
      return request;
    });
  }

  /** Newest first. @throws DatasetNotFound, BadCursor */
  list(
    caller: Principal,
    datasetId: string,
    { status, limit, cursor }: { status?: RequestState; limit: number; cursor?: string },
  ): Promise<Page<MergeRequest>> {
    const before = idAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.parts.datasets.mustFind(datasetId);
      return pageById(await this.parts.requests.page(datasetId, status, limit + 1, before), limit);
    });
  }

  /** @throws DatasetNotFound, MergeRequestNotFound, MergeRequestEnded */
  close(caller: Principal, datasetId: string, id: string): Promise<MergeRequest> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const request = await this.mustHold(datasetId, id);
      if (request.status === 'merged') throw new MergeRequestEnded();
      if (request.status === 'closed') return request;
      await this.parts.requests.update(id, { status: 'closed', endedBy: caller.id, endedAt: new Date() });
      await this.tell(caller, 'merge-request.close', request);
      return this.mustFind(datasetId, id);
    });
  }

  /** With what was said of it before. @throws DatasetNotFound, MergeRequestNotFound, MergeRequestEnded, MergeRequestExists */
  reopen(caller: Principal, datasetId: string, id: string): Promise<MergeRequest> {
    return this.once(caller, async () => {
      const request = await this.mustHold(datasetId, id);
      if (request.status === 'merged') throw new MergeRequestEnded();
      if (request.status === 'open') return request;
      await this.parts.requests.update(id, { status: 'open', endedBy: null, endedAt: null });
      await this.tell(caller, 'merge-request.reopen', request);
      return this.mustFind(datasetId, id);
    });
  }

  /** In the caller's transaction. @throws DatasetNotFound, MergeRequestNotFound */
  async mustFind(datasetId: string, id: string): Promise<MergeRequest> {
    return this.there(datasetId, await this.parts.requests.find(datasetId, id));
  }

  /** In the caller's transaction, which nobody else's comes between. @throws DatasetNotFound, MergeRequestNotFound */
  async mustHold(datasetId: string, id: string): Promise<MergeRequest> {
    return this.there(datasetId, await this.parts.requests.hold(datasetId, id));
  }

  /** As `mustHold`. @throws also MergeRequestEnded */
  async mustHoldOpen(datasetId: string, id: string): Promise<MergeRequest> {
    const request = await this.mustHold(datasetId, id);
    if (request.status !== 'open') throw new MergeRequestEnded();
    return request;
  }

  /** Tells the audit, in the running transaction. */
  tell(caller: Principal, action: string, { id, datasetId }: MergeRequest, more: Told = {}): Promise<void> {
    const { reason, ...details } = more;
    const dataset = showId('ds', datasetId);
    return this.parts.audit.append(caller, {
      action,
      resource: showId('mr', id),
      ...(reason !== undefined && { reason }),
      details: { dataset, ...details },
    });
  }

  private async there(datasetId: string, request: MergeRequest | null): Promise<MergeRequest> {
    if (request) return request;
    await this.parts.datasets.mustFind(datasetId);
    throw new MergeRequestNotFound();
  }

  /** @throws MergeRequestExists when somebody else was faster */
  private async once(caller: Principal, work: () => Promise<MergeRequest>): Promise<MergeRequest> {
    try {
      return await this.parts.database.inTenant(caller.tenantId, work);
    } catch (error) {
      throw violates(error, 'merge_requests_open_key') ? new MergeRequestExists() : error;
    }
  }
}

type Told = Record<string, string | number> & { reason?: string };
