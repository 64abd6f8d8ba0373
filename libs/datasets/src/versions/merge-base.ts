import type { Database } from '#database';
import type { Commit } from '../commit.entity.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Layer } from '../layers.ts';
import type { Refs, Seen } from '../refs.ts';

/** How far history reaches back into each branch: the time of the newest commit on it. */
export type Reach = Map<string, string>;

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
  async of(a: Seen, b: Seen): Promise<Seen> {
    const [one, two] = [await this.reach(a.layers), await this.reach(b.layers)];
    const shared = [...one].flatMap(([branchId, left]) => {
      const other = two.get(branchId);
      return other ? [{ branchId, at: left < other ? left : other }] : [];
    });
    const newest = shared.reduce((best, each) => (each.at > best.at ? each : best));
    const commit = await this.commitAt(newest.branchId, newest.at);
    return this.refs.seenAt(commit);
  }

  /** Who made the commits that are part of `theirs` and not of `ours`, in the caller's transaction. */
  async authorsBetween(ours: Seen, theirs: Seen): Promise<Set<string>> {
    const [known, wanted] = [await this.reach(ours.layers), await this.reach(theirs.layers)];
    const spans = new Map([...wanted].map(([id, until]) => [id, { after: known.get(id) ?? null, until }]));
    const rows = await this.database.query<{ author_id: string }>(
      `SELECT DISTINCT c.author_id
         FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS span (branch_id, after, until)
        CROSS JOIN LATERAL (SELECT author_id FROM commits WHERE branch_id = span.branch_id AND state = 'published'
          AND published_at <= span.until AND (span.after IS NULL OR published_at > span.after) OFFSET 0) AS c`,
      columnsOf(spans),
    );
    return new Set(rows.map(({ author_id }) => author_id));
  }

  /** In the caller's transaction: how far the histories that these tell reach back, all of them together. */
  async reach(layers: readonly Pick<Layer, 'branchId' | 'publishedAt'>[]): Promise<Reach> {
    const reach: Reach = new Map();
    for (let open = layers; open.length > 0;) {
      const spans = new Map<string, Span>();
      for (const { branchId, publishedAt } of open) {
        const known = reach.get(branchId);
        if (known !== undefined && known >= publishedAt) continue;
        reach.set(branchId, publishedAt);
        const begun = spans.get(branchId);
        spans.set(branchId, { after: begun ? begun.after : (known ?? null), until: publishedAt });
      }
      open = spans.size > 0 ? await this.takenIn(spans) : [];
    }
    return reach;
  }

  /**
   * Where histories were that were merged into these: all at once, as a branch may have taken in hundreds. OFFSET 0 has each
   * looked up by key: the planner would rather compare all of them with all commits of the dataset.
   */
  private async takenIn(spans: ReadonlyMap<string, Span>): Promise<Pick<Layer, 'branchId' | 'publishedAt'>[]> {
    const rows = await this.database.query<{ branch_id: string; published_at: Date; base: Layer[] }>(
      `SELECT o.branch_id, max(o.published_at) AS published_at, b.base
         FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS span (branch_id, after, until)
        CROSS JOIN LATERAL (SELECT parent_ids FROM commits WHERE branch_id = span.branch_id AND state = 'published'
          AND cardinality(parent_ids) > 1 AND published_at <= span.until
          AND (span.after IS NULL OR published_at > span.after) OFFSET 0) AS c
        CROSS JOIN LATERAL unnest(c.parent_ids[2:]) AS other (id)
        CROSS JOIN LATERAL (SELECT branch_id, published_at FROM commits
          WHERE id = other.id AND state = 'published' OFFSET 0) AS o
         JOIN branches b ON b.id = o.branch_id
        GROUP BY o.branch_id, b.base`,
      columnsOf(spans),
    );
    return rows.flatMap(({ branch_id: branchId, published_at, base }) => [
      { branchId, publishedAt: published_at.toISOString() },
      ...base,
    ]);
  }

  private async commitAt(branchId: string, at: string): Promise<Commit> {
    const layer = { branchId, commitId: '', visible: 0, hidden: [], publishedAt: at };
    const commit = await this.datasets.findCommitAt([layer], new Date(at));
    if (!commit) throw new Error('a history without a beginning');
    return commit;
  }
}

/** A part of a branch: what was published after one time, and until another. */
interface Span {
  after: string | null;
  until: string;
}

function columnsOf(spans: ReadonlyMap<string, Span>): unknown[] {
  const all = [...spans.values()];
  return [[...spans.keys()], all.map(({ after }) => after), all.map(({ until }) => until)];
}
