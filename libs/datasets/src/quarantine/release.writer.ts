import type { Audit } from '#audit';
import type { Database } from '#database';
import { currentContext, type Principal, showId, VaultError } from '#kernel';
import type { Commit } from '../commit.entity.ts';
import { BranchProtected, RefNotFound } from '../dataset.errors.ts';
import { gatesOf } from '../gates/gate.ts';
import type { RecordRepository } from '../record.repository.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import type { BranchWriter, HeldBranch } from '../writes/branch.writer.ts';
import type { Change } from '../writes/change.ts';
import type { SealedSegment } from '../writes/record.sealer.ts';
import type { DecidedItem } from './decided.ts';
import { QuarantineEnded } from './quarantine.errors.ts';
import type { QuarantineCounters } from './quarantine.counters.ts';
import type { QuarantineItem } from './quarantine-item.entity.ts';
import type { QuarantineRepository } from './quarantine.repository.ts';
import { redactedChange, type Redacted } from './redactions.ts';
import { releaseChanges } from './release.plan.ts';
import type { ReleasedFindings } from './released.findings.ts';
import type { ReleasedOriginals } from './released.originals.ts';

export interface ReleaseWriterParts {
  database: Pick<Database, 'afterCommit'>;
  items: Pick<QuarantineRepository, 'versions' | 'decide'>;
  findings: ReleasedFindings;
  originals: ReleasedOriginals;
  records: Pick<RecordRepository, 'findAll' | 'findExternal'>;
  writer: Pick<BranchWriter, 'append'>;
  counters: QuarantineCounters;
  audit: Audit;
}

interface Ready {
  item: QuarantineItem;
  version: StoredVersion;
}

/** What is common to all branches of one release. */
export interface Releasing {
  reason: string;
  redacted: Redacted | null;
  /** That no row names yet. */
  segments: SealedSegment[];
}

/** Puts what is released onto a branch. */
export class ReleaseWriter {
  constructor(private readonly parts: ReleaseWriterParts) {}

  /** One commit on a branch that is held; null where it is gone. In the caller's transaction. @throws GateFailed, VersionConflict */
  async onto(
    caller: Principal,
    target: HeldBranch | null,
    locked: readonly QuarantineItem[],
    releasing: Releasing,
  ): Promise<{ commit: Commit | null; done: DecidedItem[] }> {
    const { items } = this.parts;
    const versions = await items.versions(locked);
    const obstacle = target ? (target.branch.isProtected ? new BranchProtected() : null) : new RefNotFound();
    const ready = locked.flatMap((item): Ready[] => {
      const version = item.status === 'held' && versions.get(item.id);
      return version && !obstacle ? [{ item, version }] : [];
    });
    const changes = target ? await this.changes(target, ready, releasing) : [];
    const good = ready.filter((_, i) => !(changes[i] instanceof VaultError));
    const plan = changes.filter((change): change is Change => !(change instanceof VaultError));
    const commit = target && good.length > 0 ? await this.commit(caller, target, { good, plan }, releasing) : null;
    const done = locked.map((item) => {
      const change = changes[ready.findIndex((each) => each.item === item)];
      const ended = item.status === 'held' ? obstacle : new QuarantineEnded();
      const refused = change instanceof VaultError ? change : change ? null : ended;
      return { id: item.id, item, commitId: refused ? null : commit!.id, refused };
    });
    return { commit, done };
  }

  private async changes(
    { layers, gates, branch }: HeldBranch,
    ready: readonly Ready[],
    { redacted }: Releasing,
  ): Promise<(Change | VaultError)[]> {
    const { records } = this.parts;
    if (ready.length === 0) return [];
    const names = ready.flatMap(({ version }) => version.externalId ?? []);
    const present = await records.findAll(
      layers,
      ready.map(({ item }) => item.recordId),
    );
    const holders = names.length > 0 ? await records.findExternal(layers, names) : [];
    const changes = releaseChanges(ready, {
      present: new Map(present.map((row) => [row.recordId, row])),
      holders: new Map(holders.map((row) => [row.externalId!, row.recordId])),
    });
    if (!redacted) return changes;
    const onto = { gates, branch: branch.name };
    return changes.map((each, i) =>
      each instanceof VaultError ? each : redactedChange(redacted, ready[i]!.version, each, onto),
    );
  }

  private async commit(
    caller: Principal,
    target: HeldBranch,
    { good, plan }: { good: readonly Ready[]; plan: Change[] },
    { reason, redacted, segments }: Releasing,
  ): Promise<Commit> {
    const { writer, findings } = this.parts;
    const { name } = target.branch;
    const versions = good.map(({ version }) => version);
    const gates = gatesOf(target.gates, name);
    const allowed = redacted ? [] : await findings.accept(caller, versions, gates, reason);
    const context = currentContext();
    const [commit] = await writer.append(
      target,
      [
        {
          author: caller,
          message: `Release ${good.length} from quarantine${redacted ? ', anonymized' : ''}\n\n${reason}`,
          changes: plan,
          acts: plan.map(({ recordId }) => ({ action: 'record.release', recordId, context })),
          verdicts: [{ gate: 'quarantine', verdict: 'released', allowed }],
        },
      ],
      segments.splice(0),
    );
    await this.decide(caller, { commit: commit!, branch: name! }, good, { reason, redacted, segments });
    return commit!;
  }

  /** Says what became of the items, and takes away what nothing needs any more. */
  private async decide(
    caller: Principal,
    { commit, branch }: { commit: Commit; branch: string },
    good: readonly Ready[],
    { reason, redacted }: Releasing,
  ): Promise<void> {
    const { database, items, originals, counters, audit } = this.parts;
    const { id: releasedAs, datasetId, tenantId } = commit;
    const released = good.map(({ item }) => item);
    const anonymization = redacted && toldOf(redacted.choice);
    await items.decide(released, { status: 'released', reason, decidedBy: caller.id, releasedAs, anonymization });
    database.afterCommit(() => counters.counted('released', released.length));
    const versions = good.map(({ version }) => version);
    const segments = redacted ? await originals.remove(tenantId, datasetId, released, versions) : 0;
    const details = {
      commit: showId('cm', releasedAs),
      branch,
      records: good.length,
      ...(redacted && { anonymization: redacted.choice.policy ?? redacted.choice.strategy, segments }),
    };
    await audit.append(caller, { action: 'quarantine.release', resource: showId('ds', datasetId), reason, details });
  }
}

/** How it was anonymized, as its item tells it. */
function toldOf({ strategy, strategies, types, policy }: Redacted['choice']): QuarantineItem['anonymization'] {
  return { strategy, strategies, types, policy };
}
