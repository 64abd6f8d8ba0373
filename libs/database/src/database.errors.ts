import { isNativeError } from 'node:util/types';
import { defineError, VaultError } from '#kernel';

export const DatabaseUnavailable = defineError(
  'database-unavailable',
  'unavailable',
  () => 'The database does not answer at the moment.',
);
export const SchemaBehind = defineError(
  'schema-behind',
  'unavailable',
  (pending: number) => `The database lacks ${pending} migrations. Run: vault-server migrate`,
);
export const DataDirInUse = defineError(
  'data-dir-in-use',
  'conflict',
  () => 'Another server is running on this DATA_DIR.',
);
export const TenantNotEnforced = defineError(
  'tenant-not-enforced',
  'internal',
  () =>
    'The database role would bypass row-level security. Use a role without SUPERUSER and BYPASSRLS, or let it create vault_app.',
);

export const DatabaseNotEmpty = defineError(
  'database-not-empty',
  'conflict',
  (table: string) => `The database is not empty: there are rows in ${table}. Nothing was changed.`,
);

/**
 * PostgreSQL's codes for "not now": connection lost (08), credentials changed (28), shutting down or cancelled (57),
 * out of connections, memory or disk (53), read-only after a failover (25006), a deadlock or a lock that was not to be
 * had (40, 55P03). Nothing was changed, and trying again makes sense.
 */
const AWAY = /^(08...|28...|40001|40P01|53...|55P03|57014|57P0.|25006|25P03)$/;
const AWAY_SOCKET = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)/;
const AWAY_WORDS =
  /timeout exceeded when trying to connect|Connection terminated|is not queryable|embedded database has stopped/;
/** The driver's words for an answer that did not come; its connection still waits for it. */
const SILENT_WORDS = /Query read timeout/;

/** Turns a driver's "not now" into `DatabaseUnavailable`; anything else stays what it is. */
export function asVaultError(error: unknown): unknown {
  if (!isNativeError(error) || error instanceof VaultError) return error;
  const code = sqlState(error);
  const away = AWAY.test(code) || AWAY_SOCKET.test(code) || AWAY_WORDS.test(error.message) || isSilent(error);
  return away ? unavailable(error) : error;
}

/** What failed because its connection was lost, whatever its own words for that are. */
export function asLostConnection(error: unknown): unknown {
  return error instanceof VaultError ? error : unavailable(error);
}

function unavailable(cause: unknown): VaultError {
  return new DatabaseUnavailable().with({ retryAfter: 1, cause });
}

/** Whether the database never answered, so that its connection is of no use any more. */
export function isSilent(error: unknown): boolean {
  return isNativeError(error) && SILENT_WORDS.test(error.message);
}

/** The SQLSTATE of a driver error, or an empty text. */
export function sqlState(error: unknown): string {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether a driver error says that a constraint of that name was broken. */
export function violates(error: unknown, constraint: string): boolean {
  return isNativeError(error) && 'constraint' in error && error.constraint === constraint;
}
