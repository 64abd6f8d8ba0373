import type { KeyService } from '#crypto';
import type { Database } from '#database';
import type { Principal } from '#kernel';
import type { JobsService, RunningJob } from '#queue';
import type { CompactionRepository } from '../compaction/compaction.repository.ts';
import type { Looking } from '../duplicates/duplicate.tasks.ts';
import { joined } from '../json-lines.ts';
import { cut } from '../line-batches.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { methodOf } from './content.sketch.ts';
import type { ContentPool } from './content.tasks.ts';
import type { KeptProgress, ContentHashingRepository, RowPlace, Unhashed } from './content-hashing.repository.ts';

export interface KeptContentsParts {
  database: Database;
  hashings: ContentHashingRepository;
  branches: Pick<CompactionRepository, 'holdBranches'>;
  reader: Pick<RecordReader, 'scattered'>;
  keys: Pick<KeyService, 'tenantSecret'>;
  pool: ContentPool;
  jobs: Pick<JobsService, 'ask' | 'isUnderWay'>;
}

/** Some versions, and what they are looked at for. */
export interface ToLookAt {
  tenantId: string;
  datasetId: string;
  versions: readonly StoredVersion[];
  /** Of sketches. */
  looking: Looking | null;
}

/** Keeps something of what the records of a dataset say, as long as gates of it have to know. */
export abstract class KeptContents {
  constructor(
    protected readonly parts: KeptContentsParts,
    /** Of its job. */
    private readonly kind: string,
  ) {}

  /** Looks at versions. What it gives puts away what came of it, in the caller's transaction. */
  protected abstract made(of: ToLookAt, lines: Buffer): Promise<() => Promise<void>>;

  /** Waits for who writes by the gates of before, in the caller's transaction, which changes them: others see the new ones. */
  async hold(datasetId: string): Promise<void> {
    await this.parts.branches.holdBranches(datasetId);
  }

  /**
   * In the caller's transaction, which has changed the gates: asks for the job that brings what is kept in line with them.
   *
   * @param asked whether it is asked for, or what is to be looked at
   */
  async settle(caller: Principal, datasetId: string, asked: boolean | Looking): Promise<KeptProgress | null> {
    const { hashings, jobs } = this.parts;
    const known = await hashings.find(datasetId);
    if (asked !== false) {
      const looking = asked === true ? null : asked;
      const isUnderWay =
        known && isSame(known.looking, looking) && (known.completedAt || (await jobs.isUnderWay(known.jobId)));
      if (isUnderWay) return known;
      const { id: jobId } = await jobs.ask(caller, this.kind, { datasetId });
      await hashings.begin({ datasetId, tenantId: caller.tenantId, jobId, looking });
      return hashings.find(datasetId);
    }
    if (!known) return null;
    await hashings.end(datasetId);
    await jobs.ask(caller, this.kind, { datasetId });
    return null;
  }

  /** In the caller's transaction; null where none are kept. */
  find(datasetId: string): Promise<KeptProgress | null> {
    return this.parts.hashings.find(datasetId);
  }

  /** The job. Done again after a crash, it goes on with what is left. */
  async perform(running: RunningJob): Promise<Record<string, unknown>> {
    const { database, hashings } = this.parts;
    const { job, complete } = running;
    const { tenantId } = job;
    const datasetId = job.parameters['datasetId'] as string;
    const asked = await database.inTenant(tenantId, () => hashings.askedFor(datasetId));
    if (!asked || asked.looking) await this.clear(running, datasetId, asked?.looking ?? null);
    if (!asked) return { hashed: 0 };
    const hashed = await this.hashAll(running, datasetId, asked.looking);
    await database.inTenant(tenantId, async () => {
      await complete({ hashed });
      await hashings.complete(datasetId, job.id);
    });
    return { hashed };
  }

  private async hashAll(running: RunningJob, datasetId: string, looking: Looking | null): Promise<number> {
    const { tenantId } = running.job;
    let hashed = 0;
    for await (const versions of this.unhashed(running, datasetId)) {
      if (!(await this.hash({ tenantId, datasetId, versions, looking }))) break;
      await running.progress((hashed += versions.length));
    }
    return hashed;
  }

  /** On every branch, and some at a time. */
  private async *unhashed({ job, signal }: RunningJob, datasetId: string): AsyncGenerator<StoredVersion[]> {
    const { database, hashings } = this.parts;
    const { tenantId } = job;
    for (const branchId of await database.inTenant(tenantId, () => hashings.branches(datasetId))) {
      let after: RowPlace | null = null;
      do {
        const at: RowPlace | null = after;
        const { versions, last }: Unhashed = await database.inTenant(tenantId, () =>
          hashings.unhashed(datasetId, branchId, at),
        );
        signal.throwIfAborted();
        yield* cut(versions, ({ bytes }) => bytes);
        after = last;
      } while (after !== null);
    }
  }

  /** False when nobody asks for it any more, or for something else. */
  private async hash(of: ToLookAt): Promise<boolean> {
    const { database, hashings, reader } = this.parts;
    const insert = await this.made(of, joined(await reader.scattered(of.tenantId, [...of.versions])));
    return database.inTenant(of.tenantId, async () => {
      const asked = await hashings.askedFor(of.datasetId);
      if (!asked || !isSame(asked.looking, of.looking)) return false;
      await insert();
      return true;
    });
  }

  /** What is not asked for, as long as it is not. */
  private async clear({ job, signal }: RunningJob, datasetId: string, but: Looking | null): Promise<void> {
    const { database, hashings } = this.parts;
    const some = async (): Promise<boolean> => {
      const asked = await hashings.askedFor(datasetId);
      if (asked === undefined || !isSame(asked?.looking ?? null, but) || (asked && !but)) return false;
      return hashings.removeSome(datasetId, but && methodOf(but));
    };
    do signal.throwIfAborted();
    while (await database.inTenant(job.tenantId, some));
  }
}

function isSame(a: Looking | null, b: Looking | null): boolean {
  return a === null || b === null ? a === b : methodOf(a) === methodOf(b);
}
