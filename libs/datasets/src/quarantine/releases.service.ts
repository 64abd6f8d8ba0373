import type { Database } from '#database';
import { type Principal, VaultError } from '#kernel';
import type { PlainReasons } from '#pii-rules';
import { VersionConflict } from '../dataset.errors.ts';
import { tracesOf } from '../gates/gate.ts';
import { isMadeBy, type KnownRules, type RecordRulesOf } from '../schemas/record.rules.ts';
import type { StoredRecords } from '../schemas/stored.records.ts';
import type { BranchWriter } from '../writes/branch.writer.ts';
import type { AskRelease, Decided, DecidedItem } from './decided.ts';
import type { QuarantineChoice } from './quarantine.choice.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';
import type { Redactions } from './redactions.ts';
import type { Releasing, ReleaseWriter } from './release.writer.ts';

export interface ReleaseParts {
  database: Database;
  choice: QuarantineChoice;
  items: QuarantineRepository;
  branches: Pick<BranchWriter, 'hold'>;
  writer: Pick<ReleaseWriter, 'onto'>;
  rules: Pick<RecordRulesOf, 'fresh'>;
  stored: Pick<StoredRecords, 'mustFit'>;
  redactions: Redactions;
  reasons: PlainReasons;
}

/** Lets records that are held back onto the branches they were meant for. */
export class ReleasesService {
  constructor(private readonly parts: ReleaseParts) {}

  /**
   * One commit for each branch: what is held is taken over as it lies, and what holds it back counts as accepted from then
   * on. Whatever else stands before a branch holds: its schema, what gates block, and what they ask for. With an
   * anonymization nothing is accepted: what comes of a record passes, or the record stays held.
   *
   * @throws DatasetNotFound, ReasonPersonal, SchemaMismatch, GateFailed, VersionConflict, and what `Redactions.make` throws
   */
  async release(caller: Principal, datasetId: string, ask: AskRelease): Promise<Decided> {
    const { database, choice, items, rules, stored, reasons, redactions } = this.parts;
    const { tenantId } = caller;
    reasons.mustBePlain(ask.reason);
    const chosen = await choice.of(tenantId, datasetId, ask.chosen);
    const by = await rules.fresh(tenantId, datasetId);
    const held = chosen.items.filter(({ status }) => status === 'held');
    const found = await database.inTenant(tenantId, () => items.versions(held));
    const versions = [...found.values()];
    if (by.rules && !ask.anonymize) await stored.mustFit(tenantId, by.rules, versions);
    const redacted = ask.anonymize ? await redactions.make(caller, datasetId, ask.anonymize, { versions, by }) : null;
    const releasing = { reason: ask.reason, redacted, segments: redacted ? [...redacted.segments] : [] };
    try {
      const done = await database.inTenant(tenantId, () => this.branches(caller, datasetId, held, { by, releasing }));
      if (redacted && done.commits.length === 0) await redactions.discard(redacted);
      return { ...done, items: chosen.inOrder(done.outcomes), hasMore: chosen.hasMore };
    } catch (error) {
      // Only what the transaction itself refused is known not to have landed.
      if (redacted && error instanceof VaultError && error.kind !== 'unavailable') await redactions.discard(redacted);
      throw error;
    }
  }

  private async branches(
    caller: Principal,
    datasetId: string,
    held: readonly QuarantineItem[],
    { by, releasing }: { by: KnownRules; releasing: Releasing },
  ): Promise<{ outcomes: Map<string, DecidedItem>; commits: Decided['commits'] }> {
    const { items, branches, writer } = this.parts;
    const outcomes = new Map<string, DecidedItem>();
    const commits: Decided['commits'] = [];
    // Always in this order, so that two releases never wait for each other.
    for (const branch of [...new Set(held.map((item) => item.branch))].sort()) {
      const ids = held.filter((item) => item.branch === branch).map(({ id }) => id);
      const target = await branches.hold(datasetId, branch);
      // What is released as it is was looked at where it lies, if anybody asks.
      const traces = target && !releasing.redacted ? tracesOf(target.gates) : by.traces;
      if (target && !isMadeBy({ ...by, traces }, target)) throw new VersionConflict();
      const { commit, done } = await writer.onto(caller, target, await items.lock(datasetId, ids), releasing);
      for (const each of done) outcomes.set(each.id, each);
      if (commit) commits.push({ branch, commitId: commit.id });
    }
    return { outcomes, commits };
  }
}
