import type { Audit } from '#audit';
import type { Database } from '#database';
import type { Outbox } from '#queue';
import type { Branch } from '../branch.entity.ts';
import type { BranchRepository } from '../branch.repository.ts';
import type { Commit } from '../commit.entity.ts';
import { commitOn } from '../commit-row.ts';
import { BranchProtected, RefNotFound, VersionConflict } from '../dataset.errors.ts';
import { type Layer, layersOn } from '../layers.ts';
import type { TraceRepository } from '../contents/trace.repository.ts';
import { type Gate, tracesOf } from '../gates/gate.ts';
import type { GateJudge } from '../gates/gate.judge.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { Change, Draft } from './change.ts';
import { AT_ONCE, type ChangeRepository, type VersionToInsert } from './change.repository.ts';
import { actsOf, payloadsOf } from './change.news.ts';
import { countOf, rootOf, statisticsAfter } from './change.totals.ts';
import type { SealedSegment } from './record.sealer.ts';

/** A branch that nobody else moves before the running transaction ends. */
export interface HeldBranch {
  branch: Branch;
  head: Commit;
  layers: Layer[];
  /** Which schema of the dataset holds. */
  schemaVersion: number;
  /** Before all of its branches. */
  gates: readonly Gate[];
  /** Seqs of the branch so far that no published commit owns. */
  unpublished: number[];
}

export interface BranchWriterParts {
  database: Pick<Database, 'inTurn'>;
  branches: BranchRepository;
  records: RecordRepository;
  changes: ChangeRepository;
  traces: Pick<TraceRepository, 'insert'>;
  audit: Audit;
  outbox: Outbox;
  judge: GateJudge;
}

/** What goes in with commits. */
interface Rows {
  commits: readonly Commit[];
  segments: readonly SealedSegment[];
  /** Records whose version ends, and with which commit. */
  old: readonly { recordId: string; seq: number }[];
  versions: readonly VersionToInsert[];
}

/**
 * Puts commits on top of a branch: their rows, their segments' rows, their audit and outbox rows, and the move of the
 * head, all in the caller's transaction.
 */
export class BranchWriter {
  constructor(private readonly parts: BranchWriterParts) {}

  /** Null when there is no such branch. Its default one when no name is given. */
  async hold(datasetId: string, name: string | undefined): Promise<HeldBranch | null> {
    const held = await this.parts.branches.holdRows(datasetId, name);
    if (!held) return null;
    const { branch, head, dataset, unpublished } = held;
    const { schemaVersion, gates } = dataset;
    return { branch, head, layers: layersOn(branch, head), schemaVersion, gates, unpublished };
  }

  /** For a direct commit. @throws RefNotFound, BranchProtected */
  async mustHold(datasetId: string, name: string | null): Promise<HeldBranch> {
    const held = await this.hold(datasetId, name ?? undefined);
    if (!held) throw new RefNotFound();
    if (held.branch.isProtected) throw new BranchProtected();
    return held;
  }

  /** One commit for each draft, in their order. No two drafts change the same record. @throws VersionConflict, GateFailed */
  async append(held: HeldBranch, drafts: readonly Draft[], segments: readonly SealedSegment[]): Promise<Commit[]> {
    const commits = await this.commits(held, drafts);
    const ended = drafts.flatMap((draft, i) =>
      draft.changes.map(({ recordId }) => ({ recordId, seq: commits[i]!.seq })),
    );
    const known = new Set(
      drafts.flatMap((draft) => draft.changes.flatMap(({ recordId, before }) => (before ? recordId : []))),
    );
    const old = held.layers.length > 1 ? ended : ended.filter(({ recordId }) => known.has(recordId));
    const below = await this.below(held, drafts);
    const versions = drafts.flatMap((draft, i) =>
      draft.changes.flatMap((change) => toInsert(change, commits[i]!.seq, below)),
    );
    await this.mustBeStored(drafts, segments);
    await this.insert(held, drafts, { commits, segments, old, versions });
    for (const [i, commit] of commits.entries()) {
      await this.parts.judge.judge(commit, held.branch.name, held.gates, drafts[i]!.verdicts);
    }
    return commits;
  }

  /** @throws VersionConflict */
  private async insert(
    { branch, head, gates }: HeldBranch,
    drafts: readonly Draft[],
    { commits, segments, old, versions }: Rows,
  ): Promise<void> {
    const { database, branches, records, changes, traces, audit, outbox } = this.parts;
    const [first, last] = [commits[0]!, commits.at(-1)!];
    const place = { tenantId: branch.tenantId, datasetId: branch.datasetId, branchId: branch.id };
    const [ids, seqs] = [old.map(({ recordId }) => recordId), old.map(({ seq }) => seq)];
    const statements = [
      () => branches.insertCommits(commits),
      () => records.insertSegments(segments.map((segment) => ({ ...segment, commitId: first.id }))),
      () => changes.close(branch.id, ids, seqs),
      () => changes.insertVersions(place, versions),
      () => changes.insertFindings(place, versions),
      () =>
        traces.insert(
          place,
          tracesOf(gates),
          drafts.flatMap(({ changes: all }) => all),
        ),
      async () => {
        if (!(await branches.advance(branch.id, head.id, last.id, last.seq + 1))) throw new VersionConflict();
      },
      () => audit.appendAll(actsOf(branch, drafts, commits)),
      () => outbox.tellAll(branch.tenantId, 'commit.created', payloadsOf(branch, drafts, commits)),
    ];
    // So many are not all in memory at once, and go in one by one.
    if (versions.length <= AT_ONCE) await database.inTurn(statements);
    else for (const statement of statements) await statement();
  }

  /** Content that is taken over where it lies may have been moved since it was looked at, and the old place given up. */
  private async mustBeStored(drafts: readonly Draft[], segments: readonly SealedSegment[]): Promise<void> {
    const made = new Set(segments.map(({ id }) => id));
    const named = drafts.flatMap((draft) => draft.changes.flatMap(({ after }) => after?.segmentId ?? []));
    const taken = [...new Set(named)].filter((id) => !made.has(id));
    if (!(await this.parts.records.holdSegments(taken))) throw new VersionConflict();
  }

  private async commits(held: HeldBranch, drafts: readonly Draft[]): Promise<Commit[]> {
    const { branch, unpublished: hiddenSeqs } = held;
    const replaced = drafts.flatMap(({ changes }) => changes.flatMap(({ before, after }) => standing(before, after)));
    const sizes = await this.parts.changes.statisticsOf(replaced);
    const commits: Commit[] = [];
    let parent = held.head;
    for (const [i, draft] of drafts.entries()) {
      const commit = commitOn(branch, { seq: branch.nextSeq + i, hiddenSeqs }, parent, {
        authorId: draft.author.id,
        message: draft.message,
        merkleRoot: rootOf(draft.changes),
        changes: countOf(draft.changes),
        statistics: statisticsAfter(parent, draft.changes, sizes),
        otherParents: draft.otherParents,
      });
      commits.push(commit);
      parent = commit;
    }
    return commits;
  }

  /** Which removed records a branch further down still has: only these need a row that hides them. */
  private async below({ layers }: HeldBranch, drafts: readonly Draft[]): Promise<ReadonlySet<string>> {
    const removed = drafts.flatMap(({ changes }) => changes.flatMap(({ recordId, after }) => (after ? [] : recordId)));
    if (layers.length === 1 || removed.length === 0) return new Set();
    const rows = await this.parts.records.findAll(layers.slice(1), removed);
    return new Set(rows.map(({ recordId }) => recordId));
  }
}

function toInsert({ recordId, after }: Change, fromSeq: number, below: ReadonlySet<string>): VersionToInsert[] {
  return after || below.has(recordId) ? [{ recordId, fromSeq, next: after }] : [];
}

/** Versions whose findings the database has: those that go, and those whose content comes again. */
function standing(before: StoredVersion | null, after: Change['after']): StoredVersion[] {
  const again = after && !Array.isArray(after.findings) ? [after.findings.of] : [];
  return before ? [before, ...again] : again;
}
