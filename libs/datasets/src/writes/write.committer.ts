import type { Database } from '#database';
import { VaultError } from '#kernel';
import { BranchProtected, DatasetNotFound, RecordNotFound, RefNotFound, VersionConflict } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import { attributeIssues, type Gate, gatesOf, isBlocked, piiIssue, SHOWN } from '../gates/gate.ts';
import { GateFailed } from '../gates/gate.errors.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { BranchWriter, HeldBranch } from './branch.writer.ts';
import type { Change, Draft } from './change.ts';
import type { SealedSegment } from './record.sealer.ts';
import { ExternalIdTaken, RecordChanged } from './write.errors.ts';
import { etagOf, type PreparedWrite, type WriteTarget, type Written } from './write.ts';

export type Outcome = Written | VaultError;

export interface ToCommit {
  writes: readonly PreparedWrite[];
  segments: readonly SealedSegment[];
  /** Of the dataset, by which each record was looked at. */
  schemaVersion: number;
  /** All of them pass the gates, or nothing is done. */
  together: boolean;
}

/** Writes that share one transaction: each is done, or refused, for itself. */
export class WriteCommitter {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly records: RecordRepository,
    private readonly branches: BranchWriter,
  ) {}

  /**
   * Commits what can be done, one commit for each author and message, and answers for each write in turn. No two of
   * them are about the same record. Segments are kept when anything is.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, VersionConflict
   */
  commit(target: WriteTarget, { writes, segments, schemaVersion, together }: ToCommit): Promise<Outcome[]> {
    return this.database.inTenant(target.tenantId, async () => {
      const held = await this.hold(target);
      if (held.schemaVersion !== schemaVersion) throw new VersionConflict();
      const gates = gatesOf(held.gates, held.branch.name);
      const judged = (await this.judge(held, writes)).map((each) => gated(gates, each));
      if (together) mustPass(judged);
      const drafts = new Map<string, Draft>();
      const draftOf = judged.map((each, i) => (each instanceof VaultError ? null : draftFor(drafts, writes[i]!, each)));
      if (drafts.size === 0) return judged as VaultError[];
      const all = [...drafts.values()];
      const commits = await this.branches.append(held, all, segments);
      return judged.map((each, i) => {
        if (each instanceof VaultError) return each;
        const commit = commits[all.indexOf(draftOf[i]!)]!;
        return { recordId: each.recordId, commit, version: each.after };
      });
    });
  }

  private async hold({ datasetId, branch }: WriteTarget): Promise<HeldBranch> {
    const held = await this.branches.hold(datasetId, branch);
    if (!held) throw (await this.datasets.find(datasetId)) ? new RefNotFound() : new DatasetNotFound();
    if (held.branch.isProtected) throw new BranchProtected();
    return held;
  }

  private async judge(held: HeldBranch, writes: readonly PreparedWrite[]): Promise<(Change | VaultError)[]> {
    const present = await this.present(held, writes);
    const holders = await this.holders(held, writes);
    return writes.map((write) => {
      const change = changeOf(write, present.get(write.recordId) ?? null);
      if (change instanceof VaultError || !change.after?.externalId) return change;
      const holder = holders.get(change.after.externalId) ?? write.recordId;
      if (holder !== write.recordId) return new ExternalIdTaken();
      // The next one in this transaction that wants it comes too late.
      holders.set(change.after.externalId, write.recordId);
      return change;
    });
  }

  private async present({ layers }: HeldBranch, writes: readonly PreparedWrite[]): Promise<Map<string, StoredVersion>> {
    const ids = writes.filter(({ action }) => action !== 'record.create').map(({ recordId }) => recordId);
    const rows = ids.length > 0 ? await this.records.findAll(layers, ids) : [];
    return new Map(rows.map((row) => [row.recordId, row]));
  }

  private async holders({ layers }: HeldBranch, writes: readonly PreparedWrite[]): Promise<Map<string, string>> {
    const names = writes.flatMap(({ body }) => body?.attributes.externalId ?? []);
    const rows = names.length > 0 ? await this.records.findExternal(layers, names) : [];
    return new Map(rows.map((row) => [row.externalId!, row.recordId]));
  }
}

function changeOf(
  { action, recordId, ifMatch, body, sealed }: PreparedWrite,
  before: StoredVersion | null,
): Change | VaultError {
  if (sealed instanceof VaultError) return sealed;
  if (action !== 'record.create' && !before) return new RecordNotFound();
  if (ifMatch && before && !ifMatch.includes(etagOf(before))) return new RecordChanged();
  return { recordId, before, after: body && sealed && { ...sealed, ...body.attributes } };
}

/** Each for itself: who writes at the same time as somebody else does not fail for what that one wrote. */
function gated(gates: readonly Gate[], change: Change | VaultError): Change | VaultError {
  if (gates.length === 0 || change instanceof VaultError || !change.after) return change;
  const { recordId, after } = change;
  const [found, now] = [Array.isArray(after.findings) ? after.findings : [], new Date()];
  const blocked = found.filter((each) => isBlocked(gates, each, now)).map((each) => piiIssue(recordId, each));
  const issues = [...blocked, ...attributeIssues(gates, recordId, after)].slice(0, SHOWN);
  return issues.length > 0 ? new GateFailed().with({ issues }) : change;
}

/** @throws GateFailed with what is wrong with any of them */
function mustPass(judged: readonly (Change | VaultError)[]): void {
  const failed = judged.filter((each) => each instanceof GateFailed);
  if (failed.length === 0) return;
  throw new GateFailed().with({ issues: failed.flatMap(({ issues }) => issues ?? []).slice(0, SHOWN) });
}

function draftFor(
  drafts: Map<string, Draft>,
  { author, message, action, context }: PreparedWrite,
  change: Change,
): Draft {
  const name = `${author.id} ${author.sessionId ?? author.apiKeyId ?? ''} ${message}`;
  const draft = drafts.get(name) ?? { author, message, changes: [], acts: [] };
  drafts.set(name, draft);
  draft.changes.push(change);
  draft.acts.push({ action, recordId: change.recordId, context });
  return draft;
}
