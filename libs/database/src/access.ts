import type { DataSource, QueryRunner } from 'typeorm';
import { APP_ROLE } from './database.ts';
import { sqlState } from './database.errors.ts';

/** Rows that may be added and read, never changed or taken away. */
const APPEND_ONLY = ['audit_events', 'audit_entries', 'audit_checkpoints', 'audit_signing_keys'];
/** The SQLSTATEs of a role that does not exist, or that one may not switch to. */
const REFUSED = ['22023', '42501', '42704'];

/**
 * Makes row-level security hold for the server, after every change of the schema.
 *
 * Where the owner may make roles, the server switches to `vault_app` in each transaction, and the owner stays free
 * for dumps. Where it may not, the policies are forced on the owner itself; a dump then needs a role with BYPASSRLS.
 */
export async function grantAccess(runner: QueryRunner): Promise<void> {
  const role = await ensureRole(runner);
  const rows = (await runner.query(
    `SELECT c.relname AS name, c.relrowsecurity AS secured
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')`,
  )) as { name: string; secured: boolean }[];
  for (const { name, secured } of rows) {
    if (secured) await runner.query(`ALTER TABLE "${name}" ${role ? 'NO FORCE' : 'FORCE'} ROW LEVEL SECURITY`);
    if (!role) continue;
    const rights = rightsOn(name);
    await runner.query(`REVOKE ALL ON "${name}" FROM ${APP_ROLE}`);
    await runner.query(`GRANT ${rights} ON "${name}" TO ${APP_ROLE}`);
  }
}

function rightsOn(table: string): string {
  if (table === 'schema_migrations') return 'SELECT';
  return APPEND_ONLY.includes(table) ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE';
}

/**
 * Whether the server may act as `vault_app`. It is tried, not looked up: since PostgreSQL 16 a member of a role need
 * not be allowed to switch to it.
 */
export async function canSwitchRole(dataSource: DataSource): Promise<boolean> {
  const runner = dataSource.createQueryRunner();
  try {
    return await tryRole(runner);
  } finally {
    await runner.release();
  }
}

async function tryRole(runner: QueryRunner): Promise<boolean> {
  await runner.startTransaction();
  try {
    await runner.query(`SET LOCAL ROLE ${APP_ROLE}`);
    return true;
  } catch (error) {
    if (!REFUSED.includes(sqlState(error))) throw error;
    return false;
  } finally {
    await runner.rollbackTransaction();
  }
}

async function ensureRole(runner: QueryRunner): Promise<boolean> {
  // Roles belong to the whole server: another database may have made it meanwhile, or we may not be allowed to.
  await attempt(runner, `CREATE ROLE ${APP_ROLE} NOLOGIN`);
  if (!(await tryRole(runner))) await attempt(runner, `GRANT ${APP_ROLE} TO CURRENT_USER`);
  if (!(await tryRole(runner))) return false;
  // COPY goes by temporary tables; where everybody's right to them was taken away, the role needs its own.
  await attempt(runner, `EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO ${APP_ROLE}', current_database())`);
  return true;
}

/** Runs a statement that may be refused, or be done already. */
async function attempt(runner: QueryRunner, sql: string): Promise<void> {
  await runner.query(`
    DO $$ BEGIN ${sql};
    EXCEPTION WHEN insufficient_privilege OR duplicate_object OR undefined_object OR unique_violation THEN NULL;
    END $$`);
}
