import { type Db, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Database } from '#database';
import type { Log } from '#kernel';
import { DEAD, type Delivery, type JobCounts, type JobMessage, JobQueue, TRIES, type WorkGate } from '../job-queue.ts';

/** A worker that says nothing for this long is taken for dead, and its job is given to another. */
const HEARTBEAT_SECONDS = 20;
const LOOK_AROUND_SECONDS = 10;
const SCHEMA = 'pgboss';
const QUEUE = {
  retryLimit: TRIES - 1,
  retryDelay: 2,
  retryBackoff: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  expireInSeconds: 12 * 3600,
  deadLetter: DEAD,
};

export interface WorkOptions {
  /** Work begins only while it is open. */
  gate?: WorkGate;
  /** false: this process asks for work, and leaves it to others. */
  takesWork?: boolean;
}

/** The queue of pg-boss in the vault's own database, so that a message commits with the change that asks for it. */
export class PgBossJobQueue extends JobQueue {
  private readonly boss: PgBoss;
  private readonly database: Database;
  private readonly stopping = new AbortController();

  private readonly options: WorkOptions;

  private constructor(boss: PgBoss, database: Database, options: WorkOptions) {
    super();
    this.boss = boss;
    this.database = database;
    this.options = options;
  }

  static async start(
    database: Database,
    kinds: readonly string[],
    log: Log,
    options: WorkOptions = {},
  ): Promise<PgBossJobQueue> {
    const boss = new PgBoss({
      // Its own statements run as the owner of its tables: they hold ids only, and belong to no tenant.
      db: through((text, values) => database.statement(text, values)),
      migrate: false,
      createSchema: false,
      schedule: false,
      superviseIntervalSeconds: LOOK_AROUND_SECONDS,
      monitorIntervalSeconds: LOOK_AROUND_SECONDS,
    });
    boss.on('error', () => log.warn({ event_type: 'queue', error: 'QUEUE_ERROR' }, 'the job queue could not be read'));
    await boss.start();
    await boss.createQueue(DEAD);
    for (const kind of kinds) {
      await boss.createQueue(kind, QUEUE);
      // One that an older version made keeps the older version's settings.
      await boss.updateQueue(kind, QUEUE);
    }
    return new PgBossJobQueue(boss, database, options);
  }

  override async enqueue(kind: string, message: JobMessage): Promise<void> {
    await this.boss.send(kind, message, { db: through((text, values) => this.database.query(text, values)) });
  }

  override async work(kind: string, handle: (message: JobMessage, delivery: Delivery) => Promise<void>): Promise<void> {
    if (this.options.takesWork === false) return;
    const how = {
      includeMetadata: true,
      batchSize: 1,
      pollingIntervalSeconds: 0.5,
      burstWhenBatchFull: true,
    } as const;
    await this.boss.work(kind, how, async ([job]: JobWithMetadata<JobMessage>[]) => {
      if (job) await this.deliver(kind, job, handle);
    });
  }

  private async deliver(
    kind: string,
    { data, signal, retryCount, retryLimit }: JobWithMetadata<JobMessage>,
    handle: (message: JobMessage, delivery: Delivery) => Promise<void>,
  ): Promise<void> {
    const stopping = this.stopping.signal;
    const delivery: Delivery = {
      signal: AbortSignal.any([signal, stopping]),
      get last() {
        return !stopping.aborted && retryCount >= retryLimit;
      },
    };
    try {
      // It is ours, and waits here: its heartbeat goes on, and nobody else may begin it either.
      await this.options.gate?.passed(delivery.signal);
      delivery.signal.throwIfAborted();
      await handle(data, delivery);
    } catch (error) {
      if (!stopping.aborted) throw error;
      // It was us who cut it short. As a new message it has all its tries again, however often servers are restarted.
      await this.boss.send(kind, data);
    }
  }

  override async counts(): Promise<JobCounts[]> {
    const queues = await this.boss.getQueues();
    return queues.map(({ name, queuedCount, activeCount }) => ({
      kind: name,
      waiting: queuedCount,
      running: activeCount,
    }));
  }

  override async stop(): Promise<void> {
    this.stopping.abort();
    await this.boss.stop({ graceful: true, close: false, timeout: 20_000 });
  }
}

/**
 * Installs or upgrades the queue's own tables, as the owner of the database; part of `vault-server migrate`. May be done
 * by many at once. The server's role gets what putting a message in needs: messages are put in inside its transactions.
 */
export async function migrateQueue(statement: Statement): Promise<void> {
  // PostgreSQL lets one of two that make a schema at once fail, `IF NOT EXISTS` or not; the queue locks only what follows.
  await statement(`
    BEGIN;
    SELECT pg_advisory_xact_lock(hashtext('vault queue schema'));
    CREATE SCHEMA IF NOT EXISTS ${SCHEMA};
    COMMIT`);
  const boss = new PgBoss({ db: through(statement), schedule: false, supervise: false });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.stop({ close: false });
  // Two that grant at once would trip over each other.
  await statement(`
    BEGIN;
    SELECT pg_advisory_xact_lock(hashtext('vault queue access'));
    DO $$ BEGIN
      IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'vault_app') THEN
        GRANT USAGE ON SCHEMA ${SCHEMA} TO vault_app;
        GRANT SELECT ON ${SCHEMA}.queue TO vault_app;
        GRANT SELECT (id), INSERT ON ${SCHEMA}.job_common TO vault_app;
      END IF;
    END $$;
    COMMIT`);
}

type Statement = Database['statement'];

function through(statement: Statement): Db {
  return { executeSql: async (text, values) => ({ rows: await statement(text, values) }) };
}
