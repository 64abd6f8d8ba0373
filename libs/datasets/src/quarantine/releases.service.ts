import type { Audit } from '#audit';
import type { Database } from '#database';
import { currentContext, type Principal, showId, VaultError } from '#kernel';
import type { PlainReasons } from '#pii-rules';
import type { Commit } from '../commit.entity.ts';
import { BranchProtected, RefNotFound, VersionConflict } from '../dataset.errors.ts';
import { gatesOf } from '../gates/gate.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { RecordRulesOf } from '../schemas/record.rules.ts';
import type { StoredRecords } from '../schemas/stored.records.ts';
import type { BranchWriter, HeldBranch } from '../writes/branch.writer.ts';
import type { Change } from '../writes/change.ts';
import type { AskDecision, Decided, DecidedItem } from './decided.ts';
import type { QuarantineChoice } from './quarantine.choice.ts';
import { QuarantineEnded } from './quarantine.errors.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';
import { releaseChanges } from './release.plan.ts';
import type { ReleasedFindings } from './released.findings.ts';

export interface ReleaseParts {
  database: Database;
  choice: QuarantineChoice;
  items: QuarantineRepository;
  findings: ReleasedFindings;
  records: Pick<RecordRepository, 'findAll' | 'findExternal'>;
  writer: Pick<BranchWriter, 'hold' | 'append'>;
  rules: Pick<RecordRulesOf, 'fresh'>;
  stored: Pick<StoredRecords, 'mustFit'>;
  reasons: PlainReasons;
  audit: Audit;
}

interface Ready {
  item: QuarantineItem;
  version: StoredVersion;
}

/** Lets records that are held back onto the branches they were meant for. */
export class ReleasesService {
  constructor(private readonly parts: ReleaseParts) {}

  /**
   * One commit for each branch: what is held is taken over as it lies, and what holds it back counts as accepted from then
   * on. Whatever else stands before a branch holds: its schema, what gates block, and what they ask for.
   *
   * @throws DatasetNotFound, ReasonPersonal, SchemaMismatch, GateFailed, VersionConflict
   */
  async release(caller: Principal, datasetId: string, ask: AskDecision): Promise<Decided> {
    const { database, choice, items, rules, stored, reasons } = this.parts;
    const { tenantId } = caller;
    reasons.mustBePlain(ask.reason);
    const chosen = await choice.of(tenantId, datasetId, ask.chosen);
    const { version: schemaVersion, rules: schema } = await rules.fresh(tenantId, datasetId);
    const held = chosen.items.filter(({ status }) => status === 'held');
    if (schema) {
      const versions = await database.inTenant(tenantId, () => items.versions(held));
      await stored.mustFit(tenantId, schema, [...versions.values()]);
    }
    return database.inTenant(tenantId, async () => {
      const outcomes = new Map<string, DecidedItem>();
      const commits: Decided['commits'] = [];
      // Always in this order, so that two releases never wait for each other.
      for (const branch of [...new Set(held.map((item) => item.branch))].sort()) {
        const ids = held.filter((item) => item.branch === branch).map(({ id }) => id);
        const target = await this.parts.writer.hold(datasetId, branch);
        if (target && target.schemaVersion !== schemaVersion) throw new VersionConflict();
        const { commit, done } = await this.onto(caller, target, await items.lock(datasetId, ids), ask.reason);
        for (const each of done) outcomes.set(each.id, each);
        if (commit) commits.push({ branch, commitId: commit.id });
      }
      return { items: chosen.inOrder(outcomes), commits, hasMore: chosen.hasMore };
    });
  }

  private async onto(
    caller: Principal,
    target: HeldBranch | null,
    locked: readonly QuarantineItem[],
    reason: string,
  ): Promise<{ commit: Commit | null; done: DecidedItem[] }> {
    const { items } = this.parts;
    const versions = await items.versions(locked);
    const obstacle = target ? (target.branch.isProtected ? new BranchProtected() : null) : new RefNotFound();
    const ready = locked.flatMap((item): Ready[] => {
      const version = item.status === 'held' && versions.get(item.id);
      return version && !obstacle ? [{ item, version }] : [];
    });
    const changes = target ? await this.changes(target, ready) : [];
    const good = ready.filter((_, i) => !(changes[i] instanceof VaultError));
    const plan = changes.filter((change): change is Change => !(change instanceof VaultError));
    const commit = target && good.length > 0 ? await this.commit(caller, target, { good, plan, reason }) : null;
    const done = locked.map((item) => {
      const change = changes[ready.findIndex((each) => each.item === item)];
      const ended = item.status === 'held' ? obstacle : new QuarantineEnded();
      const refused = change instanceof VaultError ? change : change ? null : ended;
      return { id: item.id, item, commitId: refused ? null : commit!.id, refused };
    });
    return { commit, done };
  }

  private async changes({ layers }: HeldBranch, ready: readonly Ready[]): Promise<(Change | VaultError)[]> {
    const { records } = this.parts;
    if (ready.length === 0) return [];
    const names = ready.flatMap(({ version }) => version.externalId ?? []);
    const present = await records.findAll(
      layers,
      ready.map(({ item }) => item.recordId),
    );
    const holders = names.length > 0 ? await records.findExternal(layers, names) : [];
    return releaseChanges(ready, {
      present: new Map(present.map((row) => [row.recordId, row])),
      holders: new Map(holders.map((row) => [row.externalId!, row.recordId])),
    });
  }

  private async commit(
    caller: Principal,
    target: HeldBranch,
    { good, plan, reason }: { good: readonly Ready[]; plan: Change[]; reason: string },
  ): Promise<Commit> {
    const { writer, items, findings, audit } = this.parts;
    const { datasetId, name } = target.branch;
    const versions = good.map(({ version }) => version);
    const allowed = await findings.accept(caller, versions, gatesOf(target.gates, name), reason);
    const context = currentContext();
    const [commit] = await writer.append(
      target,
      [
        {
          author: caller,
          message: `Release ${good.length} from quarantine\n\n${reason}`,
          changes: plan,
          acts: plan.map(({ recordId }) => ({ action: 'record.release', recordId, context })),
          verdicts: [{ gate: 'quarantine', verdict: 'released', allowed }],
        },
      ],
      [],
    );
    const decision = { status: 'released', reason, decidedBy: caller.id, releasedAs: commit!.id } as const;
    await items.decide(
      good.map(({ item }) => item),
      decision,
    );
    const details = { commit: showId('cm', commit!.id), branch: name!, records: good.length };
    const resource = showId('ds', datasetId);
    await audit.append(caller, { action: 'quarantine.release', resource, reason, details });
    return commit!;
  }
}
