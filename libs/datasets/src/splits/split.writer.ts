import { setTimeout as delay } from 'node:timers/promises';
import { MerkleTree } from '#crypto';
import type { Database } from '#database';
import type { Principal } from '#kernel';
import type { CommitWriter, StagedCommit } from '../commit.writer.ts';
import { RefNotFound, VersionConflict } from '../dataset.errors.ts';
import { emptyStatistics, type SplitTurn } from '../statistics.ts';
import type { BranchWriter, HeldBranch } from '../writes/branch.writer.ts';
import type { SplitPlan } from './split.plan.ts';
import type { Moved, SplitRepository } from './split.repository.ts';
import type { SplitStages } from './split.stages.ts';

/** Rows that are written by one transaction, while which nobody else writes to the branch. */
const AT_ONCE = 1000;
/** Times that others may be faster; the last time they wait. */
const TRIES = 3;
/** How long until it is asked again whether another job has done with the branch. */
const WAIT_MS = 500;

export interface SplitWriterParts {
  database: Database;
  splits: SplitRepository;
  stages: SplitStages;
  branches: Pick<BranchWriter, 'hold' | 'mustHold'>;
  commits: Pick<CommitWriter, 'publish'>;
}

export interface SplitCommit {
  author: Principal;
  datasetId: string;
  branch: string | null;
  jobId: string;
  message: string;
  signal: AbortSignal;
  /** After each transaction. */
  progress: () => Promise<void>;
  /** In the transaction that publishes; null when there was nothing to do. */
  done: (commit: StagedCommit | null, changed: number) => Promise<void>;
}

/**
 * One commit that puts records into splits. Content stays where it lies: rows are written, under a commit that nobody sees,
 * some thousand at a time; the branch is held only while each of these go in, and while the head moves.
 */
export class SplitWriter {
  constructor(
    private readonly parts: SplitWriterParts,
    private readonly atOnce = AT_ONCE,
  ) {}

  /** @throws RefNotFound, BranchProtected, VersionConflict, GateFailed */
  async write(plan: SplitPlan, to: SplitCommit): Promise<void> {
    const { stages } = this.parts;
    const staged = await this.stage(to);
    try {
      const written = new Written();
      for (const moves of plan.moves(this.atOnce)) {
        to.signal.throwIfAborted();
        written.add(await this.hold(to, staged, ({ layers }) => this.parts.splits.move(staged, layers, moves)));
        await to.progress();
      }
      if (await this.publish(to, staged, written)) return;
    } catch (error) {
      // What cannot be taken back now, the sweeper takes back.
      await stages.giveUp(staged).catch(() => undefined);
      throw error;
    }
    await stages.giveUp(staged);
    await to.done(null, 0);
  }

  /** Waits for another job that is at it; one whose process is gone, or this one when it was cut short, is put away first. */
  private async stage(to: SplitCommit): Promise<StagedCommit> {
    const { database, branches, stages } = this.parts;
    for (;;) {
      to.signal.throwIfAborted();
      const begun = await database.inTenant(to.author.tenantId, async () => {
        const held = await branches.mustHold(to.datasetId, to.branch);
        return stages.begin(to.author, held, to);
      });
      if ('author' in begun) return begun;
      if (begun.jobId === to.jobId || begun.isLost) await stages.giveUp(begun);
      else await delay(WAIT_MS, undefined, { signal: to.signal });
    }
  }

  /** @throws RefNotFound, VersionConflict */
  private hold<T>(
    { datasetId, branch: name }: SplitCommit,
    { id, tenantId, branchId }: StagedCommit,
    work: (held: HeldBranch) => Promise<T>,
  ): Promise<T> {
    const { database, branches, stages } = this.parts;
    return database.inTenant(tenantId, async () => {
      const held = await branches.hold(datasetId, name ?? undefined);
      if (!held) throw new RefNotFound();
      // Reset meanwhile: what goes by that name now is another one.
      if (held.branch.id !== branchId || !(await stages.renew(id))) throw new VersionConflict();
      return work(held);
    });
  }

  /**
   * What others changed meanwhile is left as they made it. The root is made while nobody waits, unless that goes on and on.
   * False when nothing is left to be published.
   */
  private async publish(to: SplitCommit, staged: StagedCommit, written: Written): Promise<boolean> {
    const { splits, commits } = this.parts;
    for (let attempt = 1; written.size > 0; attempt += 1) {
      const made = await written.tree();
      const isDone = await this.hold(to, staged, async ({ schemaVersion }) => {
        const overtaken = await splits.settle(staged);
        written.remove(overtaken);
        if (overtaken.length > 0 && (attempt < TRIES || written.size === 0)) return false;
        const leaves = overtaken.length > 0 ? await written.tree() : made;
        const changes = { added: 0, changed: leaves.size, removed: 0 };
        const what = { leaves, changes, statistics: emptyStatistics(), schemaVersion, turns: written.turns() };
        await commits.publish(staged, what, () => to.done(staged, leaves.size));
        return true;
      });
      if (isDone) return true;
    }
    return false;
  }
}

/** Records that were put into splits, in the order of their ids, with their leaves. */
class Written {
  #rows: Moved[] = [];

  get size(): number {
    return this.#rows.length;
  }

  /** How many went from where to where. */
  turns(): SplitTurn[] {
    const turns = new Map<string, Required<SplitTurn>>();
    for (const { before, next } of this.#rows) {
      const key = JSON.stringify([before, next]);
      const turn = turns.get(key) ?? { from: before, to: next, count: 0 };
      turn.count += 1;
      turns.set(key, turn);
    }
    return [...turns.values()];
  }

  add(rows: readonly Moved[]): void {
    for (const row of rows) this.#rows.push(row);
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids);
    if (gone.size > 0) this.#rows = this.#rows.filter(({ record_id: id }) => !gone.has(id));
  }

  /** Some at a time: hashing all of them at once would stop everything else. */
  async tree(): Promise<MerkleTree> {
    const tree = new MerkleTree();
    for (let first = 0; first < this.#rows.length; first += AT_ONCE) {
      tree.appendMany(Buffer.concat(this.#rows.slice(first, first + AT_ONCE).map(({ leaf }) => leaf)));
      await delay(0);
    }
    return tree;
  }
}
