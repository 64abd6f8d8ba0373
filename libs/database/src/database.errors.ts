import { defineError } from '#kernel';

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
  () => 'The database role would bypass row-level security. Use a role without SUPERUSER and BYPASSRLS, or let it create vault_app.',
);

/** PostgreSQL's and the socket's codes for "not now": connection lost, refused, shutting down, too many clients. */
const AWAY = /^(08|57P0|53)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)/;
const AWAY_WORDS = /timeout exceeded when trying to connect|Connection terminated|embedded database has stopped/;

/** Turns a driver's "not now" into `DatabaseUnavailable`; anything else stays what it is. */
export function asVaultError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!AWAY.test(code) && !AWAY_WORDS.test(error.message)) return error;
  return new DatabaseUnavailable().with({ retryAfter: 1, cause: error });
}

/** The SQLSTATE of a driver error, or an empty text. */
export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
