import type { EntityMetadata, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Database } from './database.ts';

/**
 * The rows of an entity in statements by hand, for what every write does: there the mapper takes longer than the database.
 * Columns are kept as they are; an entity that transforms one is for the mapper.
 */
export class EntityRows<E extends ObjectLiteral> {
  private readonly database: Database;
  private readonly entity: EntityTarget<E>;

  constructor(database: Database, entity: EntityTarget<E>) {
    this.database = database;
    this.entity = entity;
  }

  /** What to select of a table under an alias, for `read` to find it again. */
  selected(alias: string): string {
    return this.columns.map(({ databaseName }) => `${alias}.${databaseName} AS "${alias}.${databaseName}"`).join(', ');
  }

  read(alias: string, row: Record<string, unknown>): E {
    const fields = this.columns.map(({ databaseName, propertyName }) => [
      propertyName,
      row[`${alias}.${databaseName}`],
    ]);
    return Object.fromEntries(fields) as E;
  }

  /** What a row does not say is the column's default. Inside the running transaction. */
  async insert(rows: readonly Partial<E>[]): Promise<void> {
    if (rows.length === 0) return;
    const { columns } = this;
    const values: unknown[] = [];
    const tuples = rows.map((row) => {
      const cells = columns.map(({ propertyName, type }) => {
        const value: unknown = row[propertyName];
        if (value === undefined) return 'DEFAULT';
        return `$${values.push(type === 'jsonb' && value !== null ? JSON.stringify(value) : value)}`;
      });
      return `(${cells.join(', ')})`;
    });
    const names = columns.map(({ databaseName }) => databaseName).join(', ');
    await this.database.query(`INSERT INTO ${this.metadata.tableName} (${names}) VALUES ${tuples.join(', ')}`, values);
  }

  private get columns(): EntityMetadata['columns'] {
    return this.metadata.columns;
  }

  private get metadata(): EntityMetadata {
    return this.database.dataSource.getMetadata(this.entity);
  }
}
