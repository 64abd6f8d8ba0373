import { type Db, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '#database';
import type { Log } from '#kernel';
import { type Delivery, type JobMessage, JobQueue, TRIES } from '../job-queue.ts';

/** A worker that says nothing for this long is taken for dead, and its job is given to another. */
const HEARTBEAT_SECONDS = 30;
const QUEUE = {
  retryLimit: TRIES - 1,
  retryDelay: 2,
  retryBackoff: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 12 * 3600,
  deadLetter: 'dead',
};

/** The queue of pg-boss in the vault's own database, so that a message commits with the change that asks for it. */
export class PgBossJobQueue extends JobQueue {
  private readonly boss: PgBoss;
  private readonly database: Database;

  private constructor(boss: PgBoss, database: Database) {
    super();
    this.boss = boss;
    this.database = database;
  }

  static async start(database: Database, kinds: readonly string[], log: Log): Promise<PgBossJobQueue> {
    const boss = new PgBoss({
      db: outside(database),
      migrate: false,
      createSchema: false,
      schedule: false,
      superviseIntervalSeconds: 15,
      monitorIntervalSeconds: 15,
    });
    boss.on('error', () => log.warn({ event_type: 'queue', error: 'QUEUE_ERROR' }, 'the job queue could not be read'));
    await boss.start();
    await boss.createQueue('dead').catch(ignoreExisting);
    for (const kind of kinds) await boss.createQueue(kind, QUEUE).catch(ignoreExisting);
    return new PgBossJobQueue(boss, database);
  }

  override async enqueue(kind: string, message: JobMessage): Promise<void> {
    const inside: Db = {
      executeSql: async (text, values) => ({ rows: await this.database.query(text, values) }),
    };
    await this.boss.send(kind, message, { db: inside });
  }

  override async work(kind: string, handle: (message: JobMessage, delivery: Delivery) => Promise<void>): Promise<void> {
    const options = { includeMetadata: true, batchSize: 1, pollingIntervalSeconds: 0.5 } as const;
    await this.boss.work(kind, options, async ([job]: JobWithMetadata<JobMessage>[]) => {
      if (job) await handle(job.data, { signal: job.signal, last: job.retryCount >= job.retryLimit });
    });
  }

  override async stop(): Promise<void> {
    await this.boss.stop({ graceful: true, close: false, timeout: 20_000 });
  }
}

/** Installs or upgrades the queue's own tables; part of `vault-server migrate`. Takes its own lock. */
export async function migrateQueue(query: (sql: string, values?: unknown[]) => Promise<unknown[]>): Promise<void> {
  const db: Db = { executeSql: async (text, values) => ({ rows: await query(text, values) }) };
  const boss = new PgBoss({ db, schedule: false, supervise: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ close: false });
}

/** Runs the queue's own statements as the owner of its tables: they hold ids only, and belong to no tenant. */
function outside(database: Database): Db {
  return {
    executeSql: async (text, values) => ({ rows: await database.dataSource.query(text, values as unknown[]) }),
  };
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && /already exists|duplicate key/.test(error.message))) throw error;
}
