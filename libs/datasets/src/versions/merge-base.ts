import type { Database } from '#database';
import type { Commit } from '../commit.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Layer } from '../layers.ts';
import type { Refs, Seen } from '../refs.ts';

/** How far history reaches back into each branch: the time of the newest commit on it. */
type Reach = Map<string, string>;

/**
 * Finds where two histories parted. On a branch each commit is later than all before it, so a history is one time for each
 * branch: that of the commit the branch was left at, for branches it began from and for those it took in by merges.
 */
export class MergeBase {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly refs: Refs,
  ) {}

  /** The newest commit that is part of both, in the caller's transaction: every other is part of its history. */
  async of(datasetId: string, a: Seen, b: Seen): Promise<Seen> {
    const [one, two] = [await this.reach(datasetId, a.layers), await this.reach(datasetId, b.layers)];
    const shared = [...one].flatMap(([branchId, left]) => {
      const other = two.get(branchId);
      return other ? [{ branchId, at: left < other ? left : other }] : [];
    });
    const newest = shared.reduce((best, each) => (each.at > best.at ? each : best));
    const commit = await this.commitAt(newest.branchId, newest.at);
    return this.refs.seenAt(commit);
  }

  private async reach(datasetId: string, layers: readonly Layer[]): Promise<Reach> {
    const reach: Reach = new Map();
    const open = [...layers];
    for (let layer = open.pop(); layer; layer = open.pop()) {
      const known = reach.get(layer.branchId) ?? '';
      if (known >= layer.publishedAt) continue;
      reach.set(layer.branchId, layer.publishedAt);
      for (const id of await this.takenIn(layer.branchId, known, layer.publishedAt)) {
        const seen = await this.refs.at(datasetId, id);
        open.push(...(seen?.layers ?? []));
      }
    }
    return reach;
  }

  /** Commits of other branches that were merged into this one, after one time and up to another. */
  private async takenIn(branchId: string, after: string, until: string): Promise<string[]> {
    const rows = await this.database.query<{ parent_ids: string[] }>(
      `SELECT parent_ids FROM commits WHERE branch_id = $1 AND state = 'published' AND cardinality(parent_ids) > 1
          AND published_at <= $2 AND ($3 = '' OR published_at > nullif($3, '')::timestamptz)`,
      [branchId, until, after],
    );
    return rows.flatMap(({ parent_ids: [, ...others] }) => others);
  }

  private async commitAt(branchId: string, at: string): Promise<Commit> {
    const layer = { branchId, commitId: '', visible: 0, hidden: [], publishedAt: at };
    const commit = await this.datasets.findCommitAt([layer], new Date(at));
    if (!commit) throw new Error('a history without a beginning');
    return commit;
  }
}
