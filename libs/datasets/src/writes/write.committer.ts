import type { Database } from '#database';
import { VaultError } from '#kernel';
import { BranchProtected, DatasetNotFound, RecordNotFound, RefNotFound, VersionConflict } from '../dataset.errors.ts';
import type { DatasetRepository } from '../dataset.repository.ts';
import { asksForBalance, asksForLeaks, asksForNears, asksForRepeats, type Gate, gatesOf } from '../gates/gate.ts';
import { gated, HeldBack, type Judged, mustPass, type Watch } from '../gates/gated.ts';
import type { Watching } from '../gates/watching.ts';
import type { HeldWrite, HeldWrites } from '../quarantine/held.writes.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { BranchWriter, HeldBranch } from './branch.writer.ts';
import type { Change, Draft } from './change.ts';
import { isMadeBy, type KnownRules } from '../schemas/record.rules.ts';
import type { SealedSegment } from './record.sealer.ts';
import { ExternalIdTaken, RecordChanged } from './write.errors.ts';
import { etagOf, type PreparedWrite, type WriteTarget, type Written } from './write.ts';

export type Outcome = Written | VaultError;

export interface ToCommit {
  writes: readonly PreparedWrite[];
  segments: readonly SealedSegment[];
  /** By what the dataset asked each record was looked at. */
  by: KnownRules;
  /** All of them pass the gates, or nothing is done. */
  together: boolean;
}

/** Writes that share one transaction: each is done, held back, or refused, for itself. */
export class WriteCommitter {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetRepository,
    private readonly records: RecordRepository,
    private readonly branches: BranchWriter,
    private readonly quarantine: Pick<HeldWrites, 'keep'>,
    private readonly judging: Watching,
  ) {}

  /**
   * Commits what can be done, one commit for each author and message, and answers for each write in turn. No two of
   * them are about the same record. Segments are kept when anything is.
   *
   * @throws DatasetNotFound, RefNotFound, BranchProtected, VersionConflict
   */
  commit(target: WriteTarget, { writes, segments, by, together }: ToCommit): Promise<Outcome[]> {
    return this.database.inTenant(target.tenantId, async () => {
      const held = await this.hold(target);
      if (!isMadeBy(by, held)) throw new VersionConflict();
      const judged = await this.judge(held, writes, together);
      if (together) mustPass(judged);
      // Where each commit is to leave a branch in balance, one may not come before another that was judged before it.
      const isApart = !together && asksForBalance(gatesOf(held.gates, held.branch.name));
      const drafts = new Map<string, Draft>();
      const draftOf = judged.map((each, i) =>
        isChange(each) ? draftFor(drafts, writes[i]!, each, isApart ? i : null) : null,
      );
      const all = [...drafts.values()];
      const commits = all.length > 0 ? await this.branches.append(held, all, segments) : [];
      const heldBack = await this.keepBack(held, writes, judged, all.length > 0 ? [] : segments);
      return judged.map((each, i) => {
        if (each instanceof VaultError) return each;
        if (each instanceof HeldBack) return heldBack.get(each)!;
        const commit = commits[all.indexOf(draftOf[i]!)]!;
        return { recordId: each.recordId, commit, version: each.after };
      });
    });
  }

  private async keepBack(
    held: HeldBranch,
    writes: readonly PreparedWrite[],
    judged: readonly Judged[],
    segments: readonly SealedSegment[],
  ): Promise<Map<HeldBack, Written>> {
    const all = judged.filter((each) => each instanceof HeldBack);
    if (all.length === 0) return new Map();
    const asked = all.map((each): HeldWrite => ({ write: writes[judged.indexOf(each)]!, change: each.change }));
    const kept = await this.quarantine.keep(held, asked, segments);
    return new Map(all.map((each, i) => [each, kept[i]!]));
  }

  private async hold({ datasetId, branch }: WriteTarget): Promise<HeldBranch> {
    const held = await this.branches.hold(datasetId, branch);
    if (!held) throw (await this.datasets.find(datasetId)) ? new RefNotFound() : new DatasetNotFound();
    if (held.branch.isProtected) throw new BranchProtected();
    return held;
  }

  private async judge(held: HeldBranch, writes: readonly PreparedWrite[], together: boolean): Promise<Judged[]> {
    const gates = gatesOf(held.gates, held.branch.name);
    const present = await this.present(held, writes);
    const holders = await this.holders(held, writes);
    const asked = writes.map((write) => changeOf(write, present.get(write.recordId) ?? null));
    const watches = await this.watches(held, gates, { asked, together });
    return writes.map((write, i) => {
      const change = asked[i]!;
      if (change instanceof VaultError) return change;
      const externalId = change.after?.externalId;
      if (externalId && (holders.get(externalId) ?? write.recordId) !== write.recordId) return new ExternalIdTaken();
      const judged = gated(
        gates,
        change,
        watches.flatMap((watch) => watch.issuesOf(change)),
      );
      if (!isChange(judged)) return judged;
      // The next one in this transaction that wants it comes too late.
      if (externalId) holders.set(externalId, write.recordId);
      for (const watch of watches) watch.take(judged);
      return judged;
    });
  }

  private async watches(
    { branch, head, layers }: HeldBranch,
    gates: readonly Gate[],
    { asked, together }: { asked: readonly (Change | VaultError)[]; together: boolean },
  ): Promise<Watch[]> {
    const { repeats, nears, leaks, balances } = this.judging;
    const changes = asked.flatMap((each) => (each instanceof VaultError ? [] : [each]));
    const watches: Watch[] = [];
    const coming = { changes, together };
    if (asksForRepeats(gates)) watches.push(await repeats.watch(branch.datasetId, layers, coming));
    const onto = { datasetId: branch.datasetId, layers };
    if (asksForNears(gates)) watches.push(await nears.watch(onto, gates, coming));
    if (asksForLeaks(gates)) watches.push(await leaks.watch(branch.datasetId, layers, coming));
    // What comes together counts together, when all of it is there.
    if (asksForBalance(gates) && !together) watches.push(await balances.watch({ commit: head, layers }, gates));
    return watches;
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

function isChange(judged: Judged): judged is Change {
  return !(judged instanceof VaultError || judged instanceof HeldBack);
}

function draftFor(
  drafts: Map<string, Draft>,
  { author, message, action, context }: PreparedWrite,
  change: Change,
  apart: number | null,
): Draft {
  const name = `${author.id} ${author.sessionId ?? author.apiKeyId ?? ''} ${apart ?? ''} ${message}`;
  const draft = drafts.get(name) ?? { author, message, changes: [], acts: [] };
  drafts.set(name, draft);
  draft.changes.push(change);
  draft.acts.push({ action, recordId: change.recordId, context });
  return draft;
}
