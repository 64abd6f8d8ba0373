import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Page, type Principal, showId } from '#kernel';
import type { Job, JobsService, RunningJob } from '#queue';
import type { RecordRepository } from '../record.repository.ts';
import type { Refs } from '../refs.ts';
import type { BranchWriter, HeldBranch } from '../writes/branch.writer.ts';
import type { Change } from '../writes/change.ts';
import type { Duplicate, DuplicateSearch, SearchOptions } from './duplicate.entity.ts';
import { DuplicatesNotFound, DuplicatesTooMany } from './duplicate.errors.ts';
import type { DuplicateFinder } from './duplicate.finder.ts';
import type { DuplicateRepository } from './duplicate.repository.ts';

export const FIND_DUPLICATES = 'duplicates-find';
export const REMOVE_DUPLICATES = 'duplicates-remove';
const MOST_RECORDS = 200_000;
const AT_ONCE = 1000;

export interface DuplicatesParts {
  database: Database;
  refs: Refs;
  records: RecordRepository;
  duplicates: DuplicateRepository;
  finder: DuplicateFinder;
  writer: Pick<BranchWriter, 'mustHold' | 'append'>;
  jobs: JobsService;
  audit: Audit;
}

/** What the job's row says; ids are UUIDs. */
interface FindParameters {
  datasetId: string;
  commitId: string;
  options: SearchOptions;
}
interface RemoveParameters {
  datasetId: string;
  searchId: string;
  branch: string | null;
  message: string | null;
}

/** Finds records that are the same, or nearly, and takes those away that another one makes superfluous. */
export class DuplicatesService {
  constructor(private readonly parts: DuplicatesParts) {}

  /** @throws DatasetNotFound, RefNotFound, DuplicatesTooMany */
  ask(caller: Principal, datasetId: string, ref: string | undefined, options: SearchOptions): Promise<Job> {
    const { database, refs, jobs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const { commit } = await refs.resolve(datasetId, ref);
      if ((commit.statistics?.records ?? 0) > MOST_RECORDS) throw new DuplicatesTooMany(MOST_RECORDS);
      const job = await jobs.ask(caller, FIND_DUPLICATES, { datasetId, commitId: commit.id, options });
      const details = { job: showId('job', job.id), commit: showId('cm', commit.id) };
      await audit.append(caller, { action: 'duplicates.find', resource: showId('ds', datasetId), details });
      return job;
    });
  }

  /** @throws DuplicatesNotFound, BadCursor */
  list(
    caller: Principal,
    datasetId: string,
    id: string,
    page: { limit: number; cursor?: string },
  ): Promise<Page<Duplicate>> {
    const { database, duplicates } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(datasetId, id);
      return duplicates.page(id, page.limit, page.cursor);
    });
  }

  /** @throws DuplicatesNotFound, RefNotFound, BranchProtected */
  askRemoval(
    caller: Principal,
    datasetId: string,
    searchId: string,
    { branch = null, message = null }: { branch?: string | null; message?: string | null },
  ): Promise<Job> {
    const { database, writer, jobs, audit } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      await this.mustFind(datasetId, searchId);
      await writer.mustHold(datasetId, branch);
      const job = await jobs.ask(caller, REMOVE_DUPLICATES, { datasetId, searchId, branch, message });
      const details = { job: showId('job', job.id), search: showId('job', searchId) };
      await audit.append(caller, { action: 'duplicates.remove', resource: showId('ds', datasetId), details });
      return job;
    });
  }

  /** The job that finds them. */
  async find({ job, signal, progress, complete }: RunningJob): Promise<Record<string, unknown>> {
    const { database, refs, duplicates, finder } = this.parts;
    const { id, tenantId } = job;
    const { datasetId, commitId, options } = job.parameters as unknown as FindParameters;
    const seen = await database.inTenant(tenantId, () => refs.mustBeAt(datasetId, commitId));
    const total = seen.commit.statistics?.records ?? 0;
    const search = { tenantId, layers: seen.layers, options, signal };
    const found = await finder.find(search, total, progress);
    const exact = found.duplicates.filter((each) => each.exact).length;
    const result = {
      commit_id: showId('cm', commitId),
      records: total,
      without: found.without,
      clusters: new Set(found.duplicates.map(({ keptId }) => keptId)).size,
      exact,
      near: found.duplicates.length - exact,
    };
    await database.inTenant(tenantId, async () => {
      await complete(result);
      await duplicates.replace({ id, tenantId, datasetId, commitId, options }, found.duplicates);
    });
    return result;
  }

  /** The job that takes them away: those only that are as they were when they were found, and so is what stays. */
  remove({ job, signal, complete }: RunningJob): Promise<Record<string, unknown>> {
    const { database, writer } = this.parts;
    const { tenantId, createdBy, parameters } = job;
    const { datasetId, searchId, branch, message } = parameters as unknown as RemoveParameters;
    const author: Principal = { id: createdBy, tenantId, permissions: new Set() };
    return database.inTenant(tenantId, async () => {
      const held = await writer.mustHold(datasetId, branch);
      const search = await this.mustFind(datasetId, searchId);
      const { changes, skipped } = await this.removals(held, search, signal);
      const draft = { author, message: message ?? 'Remove duplicates', changes, acts: [] };
      const [commit] = changes.length > 0 ? await writer.append(held, [draft], []) : [];
      const result = { commit_id: commit ? showId('cm', commit.id) : null, removed: changes.length, skipped };
      await complete(result);
      return result;
    });
  }

  private async removals(
    { layers }: HeldBranch,
    search: DuplicateSearch,
    signal: AbortSignal,
  ): Promise<{ changes: Change[]; skipped: number }> {
    const { refs, duplicates, records } = this.parts;
    const then = await refs.mustBeAt(search.datasetId, search.commitId);
    const changes: Change[] = [];
    let skipped = 0;
    for (let cursor: string | undefined; ;) {
      signal.throwIfAborted();
      const { items, nextCursor } = await duplicates.page(search.id, AT_ONCE, cursor);
      const ids = items.flatMap(({ recordId, keptId }) => [recordId, keptId]);
      const before = new Map((await records.findAll(then.layers, ids)).map((row) => [row.recordId, row]));
      const now = new Map((await records.findAll(layers, ids)).map((row) => [row.recordId, row]));
      const stands = (id: string): boolean => !!now.get(id)?.leaf.equals(before.get(id)!.leaf);
      const good = items.filter(({ recordId, keptId }) => stands(recordId) && stands(keptId));
      changes.push(...good.map(({ recordId }) => ({ recordId, before: now.get(recordId)!, after: null })));
      skipped += items.length - good.length;
      if (nextCursor === null) return { changes, skipped };
      cursor = nextCursor;
    }
  }

  private async mustFind(datasetId: string, id: string): Promise<DuplicateSearch> {
    const search = await this.parts.duplicates.find(datasetId, id);
    if (!search) throw new DuplicatesNotFound();
    return search;
  }
}
