import { MerkleTree } from '#crypto';
import type { Database } from '#database';
import { showId } from '#kernel';
import type { SegmentExamination } from './segment.examination.ts';
import type { Findings } from './verification.report.ts';

interface VersionRow {
  record_id: string;
  from_seq: number;
  to_seq: number | null;
  segment_id: string | null;
  block: number;
  position: number;
  leaf: Buffer;
}
interface CommitRow {
  id: string;
  seq: number;
  merkle_root: Buffer | null;
}

const PAGE = 5_000;
const FIRST = '00000000-0000-0000-0000-000000000000';
const LEAVES = `SELECT record_id, from_seq, to_seq, segment_id, block, position, leaf FROM record_versions
  WHERE branch_id = $1 AND (record_id, from_seq) > ($2, $3) ORDER BY record_id, from_seq LIMIT ${PAGE}`;
/** Rows that name a segment which has none: nobody can ever open those. */
const UNNAMED = `SELECT DISTINCT v.segment_id AS id FROM unnest($1::uuid[]) AS v (segment_id)
  WHERE NOT EXISTS (SELECT FROM segments s WHERE s.id = v.segment_id)`;

export interface ScanParts {
  database: Database;
  findings: Findings;
  /** To compare each record with what is in its object; without it only rows are looked at. */
  examination: SegmentExamination | null;
  /** What stands for a removed record: one whose row names no segment, or whose last row ends with the commit. */
  removalLeaf: (recordId: string) => Uint8Array;
}

/** One branch: its rows in order, each commit's leaves against the root it was published with. */
export class BranchScan {
  private readonly trees = new Map<number, MerkleTree>();
  private readonly known = new Set<string>();
  /** What ends with a commit, until the next row says whether something took its place there. */
  private ended: { record: string; seq: number } | null = null;

  constructor(
    private readonly parts: ScanParts,
    private readonly tenantId: string,
    private readonly branchId: string,
  ) {}

  /** @returns how many record versions and commits there are */
  async run(): Promise<{ records: number; commits: number }> {
    const { database } = this.parts;
    let records = 0;
    // First the commits: rows of one that is published meanwhile are then of no interest. What is held back must open too.
    const commits = await database.inTenant(this.tenantId, () =>
      database.query<CommitRow>(
        `SELECT id, seq, merkle_root FROM commits WHERE branch_id = $1 AND state IN ('published', 'held')`,
        [this.branchId],
      ),
    );
    const seqs = new Set(commits.map(({ seq }) => Number(seq)));
    for await (const rows of this.pages()) {
      for (const row of rows) this.count(row, seqs);
      const published = rows.filter(({ from_seq }) => seqs.has(Number(from_seq)));
      records += published.length;
      await this.examineAll(published);
    }
    this.endWith(null);
    for (const commit of commits) this.compare(commit);
    return { records, commits: commits.filter(({ merkle_root: root }) => root).length };
  }

  private async *pages(): AsyncGenerator<VersionRow[]> {
    const { database } = this.parts;
    for (let after: [string, number] = [FIRST, -1]; ;) {
      const rows = await database.inTenant(this.tenantId, () =>
        database.query<VersionRow>(LEAVES, [this.branchId, ...after]),
      );
      yield rows;
      if (rows.length < PAGE) return;
      const last = rows.at(-1)!;
      after = [last.record_id, Number(last.from_seq)];
    }
  }

  /** A row among the leaves of the commit that made it; commits are of leaves in the order of the records. */
  private count(row: VersionRow, seqs: ReadonlySet<number>): void {
    const { from_seq: from, to_seq: to, record_id: record, segment_id: segment, leaf } = row;
    // Nobody has seen it, though somebody who is seen may have ended it, as a job puts rows beside what stands.
    if (!seqs.has(Number(from))) return;
    this.endWith(row);
    this.tree(Number(from)).append(segment ? leaf : this.parts.removalLeaf(record));
    this.ended = to !== null && seqs.has(Number(to)) ? { record, seq: Number(to) } : null;
  }

  /** Where nothing follows on what ended, the record was removed. */
  private endWith(next: VersionRow | null): void {
    const { ended } = this;
    if (!ended || (next?.record_id === ended.record && Number(next.from_seq) === ended.seq)) return;
    this.tree(ended.seq).append(this.parts.removalLeaf(ended.record));
  }

  private tree(seq: number): MerkleTree {
    let tree = this.trees.get(seq);
    if (!tree) this.trees.set(seq, (tree = new MerkleTree()));
    return tree;
  }

  private async examineAll(rows: readonly VersionRow[]): Promise<void> {
    await this.findSegments(rows);
    if (!this.parts.examination) return;
    for (const row of rows) await this.examine(row);
  }

  private async findSegments(rows: readonly VersionRow[]): Promise<void> {
    const { database, findings } = this.parts;
    const ids = new Set(rows.flatMap(({ segment_id: id }) => (id && !this.known.has(id) ? [id] : [])));
    if (ids.size === 0) return;
    for (const id of ids) this.known.add(id);
    const missing = await database.inTenant(this.tenantId, () => database.query<{ id: string }>(UNNAMED, [[...ids]]));
    for (const { id } of missing) {
      const detail = 'records name it, and it has no row: its key is gone';
      findings.add({ kind: 'segment-row-missing', id, tenant: this.tenantId, detail });
    }
  }

  private async examine({ segment_id: id, block, position, leaf, record_id: record }: VersionRow): Promise<void> {
    if (!id) return;
    const leaves = await this.parts.examination!.leaves(this.tenantId, id);
    // That it does not open is told of the segment, once.
    if (!leaves || leaf.equals(leaves[block]?.[position] ?? Buffer.alloc(0))) return;
    const detail = `what lies in block ${block} of segment ${id} at ${position} is not what was committed`;
    this.parts.findings.add({
      kind: 'record-does-not-match',
      id: showId('rec', record),
      tenant: this.tenantId,
      detail,
    });
  }

  private compare({ id, seq, merkle_root: root }: CommitRow): void {
    const tree = this.trees.get(Number(seq)) ?? new MerkleTree();
    if (!root || root.equals(tree.root())) return;
    const detail = `the root over its ${tree.size} leaves is another one`;
    this.parts.findings.add({ kind: 'root-does-not-match', id: showId('cm', id), tenant: this.tenantId, detail });
  }
}
