import type { KeyService } from '#crypto';
import type { Database } from '#database';
import type { Principal } from '#kernel';
import type { JobsService, RunningJob } from '#queue';
import type { CompactionRepository } from '../compaction/compaction.repository.ts';
import { joined } from '../json-lines.ts';
import { cut } from '../line-batches.ts';
import type { RecordReader } from '../record.reader.ts';
import type { StoredVersion } from '../record-version.entity.ts';
import { CONTENT_HASH_BYTES } from './content.hash.ts';
import type { ContentPool } from './content.tasks.ts';
import type { ContentHashing } from './content-hash.entity.ts';
import type { ContentHashRepository } from './content-hash.repository.ts';
import type { ContentHashingRepository, RowPlace, Unhashed } from './content-hashing.repository.ts';

export const HASH_CONTENTS = 'contents-hash';

export interface ContentHashesParts {
  database: Database;
  hashings: ContentHashingRepository;
  hashes: Pick<ContentHashRepository, 'insert'>;
  branches: Pick<CompactionRepository, 'holdBranches'>;
  reader: Pick<RecordReader, 'scattered'>;
  keys: Pick<KeyService, 'tenantSecret'>;
  pool: ContentPool;
  jobs: Pick<JobsService, 'ask' | 'isUnderWay'>;
}

/** Keeps hashes of what the records of a dataset say, as long as gates of it have to know. */
export class ContentHashesService {
  constructor(private readonly parts: ContentHashesParts) {}

  /** Waits for who writes by the gates of before, in the caller's transaction, which changes them: others see the new ones. */
  async hold(datasetId: string): Promise<void> {
    await this.parts.branches.holdBranches(datasetId);
  }

  /** In the caller's transaction, which has changed the gates: asks for the job that brings the hashes in line with them. */
  async settle(caller: Principal, datasetId: string, isAsked: boolean): Promise<ContentHashing | null> {
    const { hashings, jobs } = this.parts;
    const known = await hashings.find(datasetId);
    if (isAsked) {
      if (known && (known.completedAt || (await jobs.isUnderWay(known.jobId)))) return known;
      const { id: jobId } = await jobs.ask(caller, HASH_CONTENTS, { datasetId });
      await hashings.begin({ datasetId, tenantId: caller.tenantId, jobId });
      return hashings.find(datasetId);
    }
    if (!known) return null;
    await hashings.end(datasetId);
    await jobs.ask(caller, HASH_CONTENTS, { datasetId });
    return null;
  }

  /** In the caller's transaction; null where none are kept. */
  find(datasetId: string): Promise<ContentHashing | null> {
    return this.parts.hashings.find(datasetId);
  }

  /** The job. Done again after a crash, it goes on with what is left. */
  async perform(running: RunningJob): Promise<Record<string, unknown>> {
    const { database, hashings } = this.parts;
    const { job, complete } = running;
    const { tenantId } = job;
    const datasetId = job.parameters['datasetId'] as string;
    const isAsked = await database.inTenant(tenantId, () => hashings.isAskedFor(datasetId));
    if (!isAsked) return this.clear(running, datasetId);
    const hashed = await this.hashAll(running, datasetId);
    await database.inTenant(tenantId, async () => {
      await complete({ hashed });
      await hashings.complete(datasetId, job.id);
    });
    return { hashed };
  }

  private async hashAll(running: RunningJob, datasetId: string): Promise<number> {
    const { tenantId } = running.job;
    let hashed = 0;
    for await (const versions of this.unhashed(running, datasetId)) {
      if (!(await this.hash(tenantId, datasetId, versions))) break;
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

  /** False when nobody asks for them any more. */
  private async hash(tenantId: string, datasetId: string, versions: StoredVersion[]): Promise<boolean> {
    const { database, hashings, hashes, reader, keys, pool } = this.parts;
    const key = await keys.tenantSecret(tenantId, 'duplicates');
    const lines = joined(await reader.scattered(tenantId, versions));
    const made = await pool.run({ kind: 'content-hash', lines, key });
    const rows = versions.map(({ recordId, leaf }, i) => {
      const at = i * CONTENT_HASH_BYTES;
      return { recordId, leaf, hash: made.hashes.subarray(at, at + CONTENT_HASH_BYTES) };
    });
    return database.inTenant(tenantId, async () => {
      if (!(await hashings.isAskedFor(datasetId))) return false;
      await hashes.insert({ tenantId, datasetId }, rows);
      return true;
    });
  }

  private async clear({ job, signal }: RunningJob, datasetId: string): Promise<Record<string, unknown>> {
    const { database, hashings } = this.parts;
    const some = async (): Promise<boolean> =>
      (await hashings.isAskedFor(datasetId)) === false && (await hashings.removeSome(datasetId));
    do signal.throwIfAborted();
    while (await database.inTenant(job.tenantId, some));
    return { hashed: 0 };
  }
}
