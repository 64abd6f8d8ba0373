import { setTimeout as delay } from 'node:timers/promises';
import { VaultError } from '#kernel';
import { VersionConflict } from '../dataset.errors.ts';
import { attributesJson } from './attributes.ts';
import type { KnownRules, RecordRulesOf } from '../schemas/record.rules.ts';
import type { RecordSealer, SealedSegment } from './record.sealer.ts';
import type { Outcome, WriteCommitter } from './write.committer.ts';
import type { PreparedWrite, Write, WriteTarget, Written } from './write.ts';

/** How long the first write of a group waits for others. */
const WINDOW_MS = 2;
/** Groups of a branch under way: one is committed, the others are sealed meanwhile. */
const GROUPS = 3;
const MAX_WRITES = 256;
const MAX_BYTES = 4 * 1024 * 1024;

interface Prepared {
  prepared: PreparedWrite[];
  segments: SealedSegment[];
  by: KnownRules;
}

interface Waiting {
  write: Write;
  resolve: (written: Written) => void;
  reject: (error: unknown) => void;
}

/**
 * Commits single writes in groups: those to one branch that come within a few milliseconds share a segment, a
 * transaction and a move of the head, and each gets its own answer. While one group is committed the next is sealed.
 */
export class WriteLanes {
  private readonly lanes = new Map<string, Waiting[]>();

  constructor(
    private readonly sealer: RecordSealer,
    private readonly committer: WriteCommitter,
    private readonly rules: Pick<RecordRulesOf, 'of' | 'forget'>,
  ) {}

  /** @throws what `WriteCommitter.commit` throws and answers */
  submit(target: WriteTarget, write: Write): Promise<Written> {
    return new Promise((resolve, reject) => {
      const name = `${target.tenantId} ${target.datasetId} ${target.branch ?? ''}`;
      const lane = this.lanes.get(name);
      if (lane) return void lane.push({ write, resolve, reject });
      const opened = [{ write, resolve, reject }];
      this.lanes.set(name, opened);
      void this.drain(name, target, opened);
    });
  }

  /** All of them as one group, now, in the running transaction if there is one: an answer for each. */
  async together(target: WriteTarget, writes: readonly Write[]): Promise<Outcome[]> {
    return this.done(target, writes, await this.prepare(target, writes), writes.length > 1);
  }

  private async drain(name: string, target: WriteTarget, lane: Waiting[]): Promise<void> {
    const running = new Set<Promise<void>>();
    let committing: Promise<void> = Promise.resolve();
    while (lane.length > 0 || running.size > 0) {
      if (lane.length === 0 || running.size === GROUPS) {
        await Promise.race(running);
        continue;
      }
      await delay(WINDOW_MS);
      const group = take(lane);
      const earlier = committing;
      const work = this.group(target, group, earlier).finally(() => running.delete(work));
      committing = work;
      running.add(work);
    }
    this.lanes.delete(name);
  }

  /** Seals at once, and commits in its turn: two writes of a record are done in the order they came. */
  private async group(target: WriteTarget, group: readonly Waiting[], earlier: Promise<void>): Promise<void> {
    try {
      const writes = group.map(({ write }) => write);
      const prepared = await this.prepare(target, writes);
      await earlier;
      answer(group, await this.done(target, writes, prepared, false));
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      await earlier;
    }
  }

  private async prepare({ tenantId, datasetId }: WriteTarget, writes: readonly Write[]): Promise<Prepared> {
    const by = await this.rules.of(tenantId, datasetId);
    const bodies = writes.flatMap(({ body }) => body ?? []);
    const toSeal = bodies.map(({ line, attributes }) => ({ line, attributes: attributesJson(attributes) }));
    const { segments, records } = await this.sealer.seal(tenantId, datasetId, toSeal, {
      check: by.rules,
      traces: by.traces,
    });
    const sealed = new Map(bodies.map((body, i) => [body, records[i]!]));
    const prepared = writes.map((write) => ({ ...write, sealed: write.body && sealed.get(write.body)! }));
    return { prepared, segments, by };
  }

  /** Once more when the schema or the gates changed between looking and committing. */
  private async done(
    target: WriteTarget,
    writes: readonly Write[],
    prepared: Prepared,
    together: boolean,
  ): Promise<Outcome[]> {
    try {
      return await this.commit(target, prepared, together);
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      return this.commit(target, await this.prepare(target, writes), together);
    }
  }

  private async commit(
    target: WriteTarget,
    { prepared, segments, by }: Prepared,
    together: boolean,
  ): Promise<Outcome[]> {
    try {
      const outcomes = await this.committer.commit(target, {
        writes: prepared,
        segments,
        by,
        together,
      });
      if (outcomes.every((each) => each instanceof VaultError)) await this.sealer.discard(segments);
      return outcomes;
    } catch (error) {
      // Only what the transaction itself refused is known not to have landed: the answer to a COMMIT can get lost.
      if (error instanceof VaultError && error.kind !== 'unavailable') await this.sealer.discard(segments);
      // By what is asked no longer: whoever tries again is judged by the present one.
      if (error instanceof VersionConflict) this.rules.forget(target.tenantId, target.datasetId);
      throw error;
    }
  }
}

function answer(group: readonly Waiting[], outcomes: readonly Outcome[]): void {
  group.forEach(({ resolve, reject }, i) => {
    const outcome = outcomes[i]!;
    if (outcome instanceof VaultError) reject(outcome);
    else resolve(outcome);
  });
}

/** The writes of the next group, taken out of the lane: no two of the same record, the rest in their order. */
function take(lane: Waiting[]): Waiting[] {
  const records = new Set<string>();
  const group: Waiting[] = [];
  const rest: Waiting[] = [];
  let bytes = 0;
  for (const waiting of lane.splice(0)) {
    const { recordId, body } = waiting.write;
    const size = body?.line.length ?? 0;
    const fits = group.length === 0 || (group.length < MAX_WRITES && bytes + size <= MAX_BYTES);
    if (fits && !records.has(recordId)) {
      group.push(waiting);
      bytes += size;
    } else rest.push(waiting);
    records.add(recordId);
  }
  lane.push(...rest);
  return group;
}
