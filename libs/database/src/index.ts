// database: connection, transactions, migrations; PostgreSQL or the embedded one. The only room that speaks SQL's wire.
export { databaseConfig } from './database.config.ts';
export type { DatabaseConfig } from './database.config.ts';
export { Database } from './database.ts';
export { EntityRows } from './entity-rows.ts';
export type { PoolStats } from './pool-stats.ts';
export { openDatabase, unopenedDatabase } from './open-database.ts';
export type { OpenedDatabase } from './open-database.ts';
export { lockDataDir } from './data-dir.lock.ts';
export { Migrator } from './migrator.ts';
export type { MigrationStatus } from './migrator.ts';
export {
  asVaultError,
  DatabaseUnavailable,
  DatabaseNotEmpty,
  DataDirInUse,
  SchemaBehind,
  sqlState,
  violates,
  TenantNotEnforced,
} from './database.errors.ts';
export { rowsIn, TableSnapshot } from './table-snapshot.ts';
export type { TableChunk, TableShape } from './table-snapshot.ts';
export { fillTables, refuseUnlessEmpty } from './table-restore.ts';
export type { FilledTable } from './table-restore.ts';
