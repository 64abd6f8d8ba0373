import type { Database } from '#database';
import { newId, type Page, type Principal, showId } from '#kernel';
import type { Branch } from '../branch.entity.ts';
import type { BranchRepository } from '../branch.repository.ts';
import type { Commit } from '../commit.entity.ts';
import { BranchProtected, RefNotFound } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import { type Gate, gatesOf } from '../gates/gate.ts';
import { GateFailed } from '../gates/gate.errors.ts';
import type { Layer } from '../layer.ts';
import type { Refs } from '../refs.ts';
import { cutNames, nameAfter, type RefNames } from './ref.names.ts';
import { BranchIsDefault, BranchTooDeep } from './version.errors.ts';

/** Every layer is one more look-up for each record that is read. */
const MAX_LAYERS = 16;

export interface Protection {
  isProtected: boolean;
  /** As many as before when left out. */
  requiredApprovals?: number;
}

export interface BranchesParts {
  database: Database;
  datasets: DatasetRepository;
  branches: BranchRepository;
  refs: Refs;
  names: RefNames;
}

/** Names that move from commit to commit. */
export class BranchesService {
  constructor(private readonly parts: BranchesParts) {}

  /** Begins at a ref and costs nothing: what is there already is read where it lies. @throws DatasetNotFound, RefNotFound, RefNameTaken, BranchTooDeep, GateFailed */
  create(caller: Principal, datasetId: string, name: string, from?: string): Promise<Branch> {
    return this.parts.names.giving(caller, async () => {
      const { dataset, commit, layers } = await this.parts.refs.resolve(datasetId, from);
      const origin = await this.parts.branches.find(commit.branchId);
      mustBeBehind(gatesOf(dataset.gates, name), origin?.name ?? null);
      if (layers.length >= MAX_LAYERS) throw new BranchTooDeep();
      await this.parts.names.mustBeFree(datasetId, name);
      await this.parts.refs.hold(commit);
      const id = newId();
      const { tenantId } = caller;
      await this.parts.branches.insert({
        id,
        tenantId,
        datasetId,
        name,
        headCommitId: commit.id,
        nextSeq: 1,
        base: layers,
      });
      await this.parts.names.tell(caller, 'branch.create', datasetId, {
        branch: name,
        commit: showId('cm', commit.id),
      });
      return (await this.parts.branches.find(id))!;
    });
  }

  /** By name. @throws DatasetNotFound, BadCursor */
  async list(caller: Principal, datasetId: string, limit: number, cursor?: string): Promise<Page<Branch>> {
    const after = nameAfter(cursor);
    return this.parts.database.inTenant(caller.tenantId, async () => {
      await this.parts.names.mustExist(datasetId);
      return cutNames(await this.parts.branches.page(datasetId, limit + 1, after), limit);
    });
  }

  /** @throws RefNotFound */
  get(caller: Principal, datasetId: string, name: string): Promise<Branch> {
    return this.parts.database.inTenant(caller.tenantId, () => this.mustFind(datasetId, name));
  }

  /** Lets a branch go on from another commit. The way it went before stays where tags and branches lead to it. @throws DatasetNotFound, RefNotFound, BranchProtected, BranchTooDeep, GateFailed */
  reset(caller: Principal, datasetId: string, name: string, to: string): Promise<Branch> {
    const { database, branches, refs } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const branch = await branches.holdBranch(datasetId, name);
      if (!branch) throw new RefNotFound();
      if (branch.isProtected) throw new BranchProtected();
      const { dataset, commit, layers } = await refs.resolve(datasetId, to);
      if (commit.id === branch.headCommitId) return branch;
      if (dataset.schemaVersion > 0 || gatesOf(dataset.gates, name).length > 0) {
        mustBePassed((await refs.resolveBranch(datasetId, name)).layers, commit);
      }
      if (layers.length >= MAX_LAYERS) throw new BranchTooDeep();
      // The rows of the old way end where it went on: a new branch over the commit is as if it had not.
      await refs.hold(commit);
      await branches.release(branch.id);
      const id = newId();
      const { tenantId } = branch;
      await branches.insert({
        id,
        tenantId,
        datasetId,
        name,
        headCommitId: commit.id,
        nextSeq: 1,
        base: layers,
      });
      const details = { branch: name, before: showId('cm', branch.headCommitId), commit: showId('cm', commit.id) };
      await this.parts.names.tell(caller, 'branch.reset', datasetId, details);
      return (await branches.find(id))!;
    });
  }

  /** Says whether a branch takes direct commits, or merges alone, and who must have looked at those. @throws RefNotFound */
  protect(caller: Principal, datasetId: string, name: string, protection: Protection): Promise<Branch> {
    const { database, branches } = this.parts;
    return database.inTenant(caller.tenantId, async () => {
      const branch = await branches.holdBranch(datasetId, name);
      if (!branch) throw new RefNotFound();
      const { isProtected } = protection;
      const requiredApprovals = isProtected ? (protection.requiredApprovals ?? branch.requiredApprovals) : 0;
      await branches.update(branch.id, { isProtected, requiredApprovals });
      const details = { branch: name, protected: isProtected, required_approvals: requiredApprovals };
      await this.parts.names.tell(caller, 'branch.protect', datasetId, details);
      return (await branches.find(branch.id))!;
    });
  }

  /** Lets go of the name. Commits of it stay, for tags, and for branches that began from them. @throws RefNotFound, BranchIsDefault, BranchProtected */
  remove(caller: Principal, datasetId: string, name: string): Promise<void> {
    return this.parts.database.inTenant(caller.tenantId, async () => {
      const dataset = await this.parts.names.mustExist(datasetId);
      if (dataset.defaultBranch === name) throw new BranchIsDefault();
      const branch = await this.parts.branches.holdBranch(datasetId, name);
      if (!branch) throw new RefNotFound();
      if (branch.isProtected) throw new BranchProtected();
      await this.parts.branches.release(branch.id);
      const details = { branch: name, commit: showId('cm', branch.headCommitId) };
      await this.parts.names.tell(caller, 'branch.delete', datasetId, details);
    });
  }

  private async mustFind(datasetId: string, name: string): Promise<Branch> {
    const branch = await this.parts.datasets.findBranch(datasetId, name);
    if (!branch) throw new RefNotFound();
    return branch;
  }
}

/** What a branch begins with no gate looks at: it must have come through the same ones already. @throws GateFailed */
function mustBeBehind(gates: readonly Gate[], origin: string | null): void {
  if (gatesOf(gates, origin).length === gates.length) return;
  const detail = 'Expected a branch behind the same gates: begin there, and merge';
  throw new GateFailed().with({ issues: [{ pointer: '/from', detail }] });
}

/** A branch goes back to what came in by its gates; what did not is merged. @throws GateFailed */
function mustBePassed(layers: readonly Layer[], { branchId, publishedAt }: Commit): void {
  const isOwn = layers.some((layer) => layer.branchId === branchId && publishedAt! <= new Date(layer.publishedAt));
  if (isOwn) return;
  throw new GateFailed().with({
    issues: [{ pointer: '/to', detail: 'Expected a commit of the branch itself: merge others' }],
  });
}
