import type { DataSource, Logger } from 'typeorm';

/** Told of every statement after its end. `statement` is its verb and table: the text may hold what belongs to nobody else. */
export type StatementObserver = (statement: string, ms: number, failed: boolean) => void;

/** More than this is always: the driver tells of statements that took longer. */
const ALWAYS = -1;

/** Tells `observer` of the statements of a data source, by the log that its driver writes. Callers stay the callers: it is told synchronously. */
export function watchStatements(dataSource: DataSource, observer: StatementObserver): void {
  Object.assign(dataSource.driver.options, { maxQueryExecutionTime: ALWAYS });
  dataSource.logger = new StatementWatch(observer);
}

class StatementWatch implements Logger {
  private readonly observer: StatementObserver;

  constructor(observer: StatementObserver) {
    this.observer = observer;
  }

  logQuery(): void {}

  logQuerySlow(ms: number, query: string): void {
    this.observer(summaryOf(query), ms, false);
  }

  logQueryError(_error: string | Error, query: string): void {
    this.observer(summaryOf(query), 0, true);
  }

  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

const TABLE = /\b(?:from|into|update|join)\s+(?:only\s+)?"?(?:\w+"?\."?)?(\w+)"?/i;

/** `SELECT datasets` of a whole statement. */
export function summaryOf(query: string): string {
  const verb = /^\s*(\w+)/.exec(query)?.[1]?.toUpperCase() ?? 'SQL';
  const table = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'WITH', 'COPY'].includes(verb)
    ? TABLE.exec(query)?.[1]
    : undefined;
  return table ? `${verb} ${table}` : verb;
}
