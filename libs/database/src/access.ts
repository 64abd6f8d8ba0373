import type { QueryRunner } from 'typeorm';
import { APP_ROLE } from './database.ts';

/** Rows that may be added and read, never changed or taken away. */
const APPEND_ONLY = ['audit_events'];

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

async function ensureRole(runner: QueryRunner): Promise<boolean> {
  // Roles belong to the whole server: another database may have made it meanwhile, or we may not be allowed to.
  await runner.query(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APP_ROLE}') THEN CREATE ROLE ${APP_ROLE} NOLOGIN; END IF;
      IF NOT pg_has_role(current_user, '${APP_ROLE}', 'MEMBER') THEN GRANT ${APP_ROLE} TO CURRENT_USER; END IF;
    EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
    END $$`);
  const [row] = (await runner.query(
    `SELECT coalesce((SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = $1), false) AS member`,
    [APP_ROLE],
  )) as { member: boolean }[];
  return row?.member ?? false;
}
