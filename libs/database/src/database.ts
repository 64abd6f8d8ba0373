import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import type { Log } from '#kernel';
import { asLostConnection, asVaultError } from './database.errors.ts';
import { copyInto } from './copy-into.ts';
import { inTurn } from './in-turn.ts';
import { type PoolStats, poolStatsOf } from './pool-stats.ts';
import { begin } from './transaction-begin.ts';
import { commit, giveUp } from './transaction-end.ts';
import { serverTime, statement } from './statement.ts';

/** The role row-level security holds for; migrations make it where they may. */
export const APP_ROLE = 'vault_app';

/** Longest wait for the answer to a ping, once there is a connection. */
const PING_MS = 1000;

interface Ambient {
  tenantId: string | null;
  runner: QueryRunner;
  afterCommit: (() => void)[];
  afterEnd: (() => Promise<void>)[];
}

/**
 * Transactions, and nothing outside of them: every query runs in one, and every one says whose rows it may see.
 * Row-level security reads the tenant from the transaction, so a query without a tenant finds nothing.
 */
export class Database {
  private readonly ambient = new AsyncLocalStorage<Ambient>();
  readonly dataSource: DataSource;
  private readonly useRole: boolean;
  private readonly log: Log;

  constructor(dataSource: DataSource, useRole: boolean, log: Log) {
    this.dataSource = dataSource;
    this.useRole = useRole;
    this.log = log;
  }

  /** Runs `work` in a transaction that sees the rows of one tenant; joins the transaction it is called in. */
  inTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const current = this.ambient.getStore();
    if (current) {
      if (current.tenantId !== tenantId) throw new Error('a transaction belongs to one tenant');
      return work();
    }
    return this.transaction(tenantId, {}, work);
  }

  /**
   * Runs `work` in a transaction without a tenant. Row-level security shows it only what its policies open to a
   * named setting, as `vault.sign_in` opens one user's row to the one who knows the e-mail address.
   */
  withoutTenant<T>(settings: Record<string, string>, work: () => Promise<T>): Promise<T> {
    if (this.ambient.getStore()) throw new Error('a transaction without a tenant cannot be nested');
    return this.transaction(null, settings, work);
  }

  /**
   * Runs `work` for another tenant within the running transaction, which then is of both until it ends: for what makes
   * a tenant, and is to be told on both sides or on none.
   */
  async asTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const current = this.current();
    const become = (id: string | null): Promise<unknown> =>
      this.query("SELECT set_config('vault.tenant', $1, true)", [id ?? '']);
    await become(tenantId);
    try {
      return await this.ambient.run({ ...current, tenantId }, work);
    } finally {
      // After an error of the database there is no further statement, and then nothing is seen by anyone.
      await become(current.tenantId).catch(() => undefined);
    }
  }

  /**
   * Runs `work` in a transaction of its own, for what must stay when the running one is rolled back: at once, or as soon
   * as that has ended either way. Whoever began it waits for this, and fails when this fails.
   */
  async apart(tenantId: string, work: () => Promise<void>): Promise<void> {
    const alone = (): Promise<void> => this.transaction(tenantId, {}, work);
    const current = this.ambient.getStore();
    if (current) current.afterEnd.push(alone);
    else await alone();
  }

  /** Whether the running code is inside a transaction already. */
  get inTransaction(): boolean {
    return this.ambient.getStore() !== undefined;
  }

  /** The entity manager of the running transaction. */
  get manager(): EntityManager {
    return this.current().runner.manager;
  }

  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return this.manager.getRepository(entity);
  }

  /** The rows a statement gives; those of its RETURNING for an UPDATE or DELETE. */
  async query<R>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    const result = await this.current().runner.query(sql, parameters, true);
    return result.records as R[];
  }

  /**
   * Statements that none waits for the answer of another: they are sent in their order, together, and done in it. When one
   * fails the later ones do nothing. Throws what the first one threw.
   */
  inTurn<T extends readonly unknown[]>(statements: { [K in keyof T]: () => Promise<T[K]> }): Promise<T> {
    return inTurn(this.current().runner, statements);
  }

  /** Adds rows to a table by `COPY … WITH (FORMAT binary)`, inside the running transaction. */
  async copyInto(table: string, columns: readonly string[], rows: Uint8Array): Promise<void> {
    await copyInto(this.current().runner, { table, columns }, rows);
  }

  /**
   * Runs SQL of a package that keeps tables of its own, as their owner and outside of the running transaction. It may
   * be several statements; the rows are those of all of them.
   */
  statement(sql: string, parameters?: unknown[]): Promise<unknown[]> {
    return statement(this.dataSource, sql, parameters);
  }

  /** Runs `work` once the running transaction is durable; never when it is rolled back. */
  afterCommit(work: () => void): void {
    this.current().afterCommit.push(work);
  }

  /**
   * What time it is at the database. Its silence is not waited for as long as that of a real query is.
   *
   * @throws DatabaseUnavailable
   */
  ping(): Promise<Date> {
    return serverTime(this.dataSource, PING_MS).catch((error: unknown) => {
      throw asVaultError(error);
    });
  }

  poolStats(): PoolStats {
    return poolStatsOf(this.dataSource);
  }

  private current(): Ambient {
    const current = this.ambient.getStore();
    if (!current) throw new Error('a query outside of a transaction');
    return current;
  }

  private async transaction<T>(
    tenantId: string | null,
    settings: Record<string, string>,
    work: () => Promise<T>,
  ): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const ambient: Ambient = { tenantId, runner, afterCommit: [], afterEnd: [] };
    let result: T;
    try {
      await begin(runner, { 'vault.tenant': tenantId ?? '', ...settings, ...(this.useRole && { role: APP_ROLE }) });
      result = await this.ambient.run(ambient, work);
      await commit(runner);
    } catch (error) {
      // TypeORM lets go of a connection that breaks between two statements, and the next one fails for that.
      const lost = runner.isReleased;
      await giveUp(runner, error);
      await runner.release();
      for (const each of ambient.afterEnd) await each();
      throw lost ? asLostConnection(error) : asVaultError(error);
    }
    await runner.release();
    for (const each of ambient.afterCommit) this.run(each);
    for (const each of ambient.afterEnd) await each();
    return result;
  }

  /** What is done is durable by now: whoever wanted to be told cannot make it fail any more. */
  private run(afterCommit: () => void): void {
    try {
      afterCommit();
    } catch (error) {
      this.log.error({ event_type: 'database', err: error }, 'what follows a commit failed');
    }
  }
}
