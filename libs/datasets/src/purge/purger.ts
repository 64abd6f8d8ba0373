import type { Audit } from '#audit';
import type { Database } from '#database';
import { type Log, type Principal, showId } from '#kernel';
import type { DatasetRepository } from '../dataset.repository.ts';
import type { Leftovers } from '../leftovers.ts';
import type { MergeBase } from '../versions/merge-base.ts';
import type { PurgeCounters } from './purge.counters.ts';
import type { DeadCommit, PurgeRepository } from './purge.repository.ts';
import type { Remains, RemainsRepository } from './remains.repository.ts';

/** Rows that go by one transaction. */
const AT_ONCE = 2000;
/** Commits whose rows are looked for at once. */
const SEQS = 500;
/** Exports and backups that began before must have ended by then; nobody else can open the objects. */
const GRACE_SECONDS = 24 * 3600;

export interface ToPurge {
  actor: Pick<Principal, 'id' | 'tenantId'>;
  datasetId: string;
  /** What was let go of later than this ago stays. */
  minAgeSeconds: number;
  signal: AbortSignal;
  /** After each transaction, with the rows that went. */
  progress: (rows: number) => Promise<void>;
}

export interface Purged extends Remains {
  commits: number;
  branches: number;
}

export interface PurgerParts {
  database: Database;
  datasets: Pick<DatasetRepository, 'lockBranch'>;
  purge: PurgeRepository;
  remains: RemainsRepository;
  histories: Pick<MergeBase, 'reach'>;
  leftovers: Leftovers;
  audit: Audit;
  counters: PurgeCounters;
  log: Log;
}

/**
 * Takes away what nothing leads to any more. First the commits are given up, in one transaction: from then on no ref leads to
 * them, and who was about to begin something there is refused, or was faster and keeps them. What they leave goes piece by
 * piece, and where that was cut short the next one goes on.
 */
export class Purger {
  constructor(private readonly parts: PurgerParts) {}

  /** Changes nothing. */
  async look(to: ToPurge): Promise<Purged> {
    const { database, remains } = this.parts;
    const { tenantId } = to.actor;
    const dead = await database.inTenant(tenantId, () => this.dead(to));
    let recordVersions = 0;
    for (const [branchId, seqs] of byBranch(dead)) {
      to.signal.throwIfAborted();
      recordVersions += await database.inTenant(tenantId, () => remains.countRows(branchId, seqs));
    }
    const { gone, bytes, kept } = await database.inTenant(tenantId, () => remains.wouldGo(dead));
    const branches = new Set(dead.map(({ branchId }) => branchId)).size;
    return { commits: dead.length, branches, recordVersions, segments: gone.length, bytes, kept };
  }

  async run(to: ToPurge): Promise<Purged> {
    const { database, purge, remains, log } = this.parts;
    const { tenantId } = to.actor;
    const started = Date.now();
    await this.giveUp(to);
    const dead = await database.inTenant(tenantId, () => purge.givenUp(to.datasetId));
    const purged: Purged = { commits: 0, branches: 0, recordVersions: 0, segments: 0, bytes: 0, kept: 0 };
    await this.takeRows(to, dead, purged);
    await this.takeSegments(to, dead, purged);
    await database.inTenant(tenantId, async () => {
      await remains.takeCommits(dead);
      for (let some = 1; some > 0; purged.branches += some)
        some = await remains.takeBranches(to.datasetId, to.minAgeSeconds);
    });
    purged.commits = dead.length;
    if (dead.length > 0) {
      const fields = { resource: showId('ds', to.datasetId), count: dead.length, bytes: purged.bytes };
      log.info({ event_type: 'purge', ...fields, ms: Date.now() - started }, 'commits were purged');
    }
    return purged;
  }

  /** In the caller's transaction: commits of branches without a name that no history comes by. */
  private async dead({ datasetId, minAgeSeconds }: ToPurge): Promise<DeadCommit[]> {
    const { purge, histories } = this.parts;
    const roots = await purge.roots(datasetId, minAgeSeconds);
    const layers = roots.flatMap(({ branchId, publishedAt, base }) => [
      { branchId, publishedAt: publishedAt.toISOString() },
      ...base,
    ]);
    const reached = await histories.reach(layers);
    const published = await purge.published(datasetId);
    return published.filter(({ branchId, publishedAt }) => publishedAt.toISOString() > (reached.get(branchId) ?? ''));
  }

  /** Looked for once more when nobody can begin anything there: what somebody began meanwhile stays. */
  private async giveUp(to: ToPurge): Promise<void> {
    const { database, purge, audit } = this.parts;
    await database.inTenant(to.actor.tenantId, async () => {
      await purge.stamp(to.datasetId);
      const held = await purge.hold(to.datasetId, await this.dead(to));
      const dead = (await this.dead(to)).filter(({ id }) => held.has(id));
      if (dead.length === 0) return;
      await purge.giveUp(dead);
      const branches = new Set(dead.map(({ branchId }) => branchId)).size;
      const details = { commits: dead.length, branches };
      await audit.append(to.actor, { action: 'commit.purge', resource: showId('ds', to.datasetId), details });
    });
  }

  private async takeRows(
    { actor, datasetId, signal, progress }: ToPurge,
    dead: readonly DeadCommit[],
    purged: Purged,
  ): Promise<void> {
    const { database, datasets, remains } = this.parts;
    for (const [branchId, seqs] of byBranch(dead)) {
      for (;;) {
        signal.throwIfAborted();
        const { gone, back } = await database.inTenant(actor.tenantId, async () => {
          await datasets.lockBranch(branchId);
          return remains.takeRows({ datasetId, branchId }, seqs, AT_ONCE);
        });
        purged.recordVersions += gone;
        await progress(purged.recordVersions);
        if (gone + back === 0) break;
      }
    }
  }

  /** The keys of all that nobody sees any more go at once; the objects follow. */
  private async takeSegments(to: ToPurge, dead: readonly DeadCommit[], purged: Purged): Promise<void> {
    const { database, remains, leftovers, audit, counters } = this.parts;
    const { actor, datasetId, signal } = to;
    for (;;) {
      signal.throwIfAborted();
      const some = await database.inTenant(actor.tenantId, async () => {
        const taken = await remains.takeSegments(dead);
        if (taken && taken.gone.length > 0) {
          await leftovers.add(actor.tenantId, taken.gone, GRACE_SECONDS);
          const details = { segments: taken.gone.length, bytes: taken.bytes };
          await audit.append(actor, { action: 'segment.purge', resource: showId('ds', datasetId), details });
        }
        return taken;
      });
      if (!some) return;
      purged.segments += some.gone.length;
      purged.bytes += some.bytes;
      purged.kept += some.kept;
      counters.purged(some.gone.length, some.bytes);
    }
  }
}

/** Each branch as often as it takes. */
function byBranch(dead: readonly DeadCommit[]): [branchId: string, seqs: number[]][] {
  const parts: [string, number[]][] = [];
  for (const { branchId, seq } of [...dead].sort((a, b) =>
    a.branchId < b.branchId ? -1 : a.branchId > b.branchId ? 1 : 0,
  )) {
    const last = parts.at(-1);
    if (last?.[0] === branchId && last[1].length < SEQS) last[1].push(seq);
    else parts.push([branchId, [seq]]);
  }
  return parts;
}
