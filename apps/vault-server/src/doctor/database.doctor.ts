import { DataDirInUse, type OpenedDatabase } from '#database';
import { openOwner } from '../platform.ts';
import { connectionBudget } from './connection.budget.ts';
import { type Examine, type Finding, findingsOn, type Ground, reasonOf } from './finding.ts';

const { fine, warning, wrong } = findingsOn('db');
const OLDEST = 150_000;

interface Facts {
  version: string;
  number: number;
  role: string;
  database: string;
  superuser: boolean;
  monitors: boolean;
}

const FACTS = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
  current_user AS role, current_database() AS database, r.rolsuper AS superuser,
  pg_has_role(current_user, 'pg_monitor', 'MEMBER') AS monitors
  FROM pg_roles r WHERE r.rolname = current_user`;

/** Whether the database answers, as whom, and whether all servers together fit into it. */
export const examineDatabase: Examine = async (ground) => {
  let opened: OpenedDatabase;
  try {
    opened = await openOwner(ground.loaded.settings, ground.log);
  } catch (error) {
    if (error instanceof DataDirInUse) return [fine('the built-in database is in use by a running server')];
    return [
      wrong(
        `the database cannot be reached: ${reasonOf(error)}`,
        'check VAULT__DATABASE__URL, then: vault-server check db',
      ),
    ];
  }
  try {
    if (opened.embedded) return [fine('the built-in database opens')];
    const [facts] = (await opened.statement(FACTS)) as Facts[];
    return [...roleOf(facts!), ...(await budget(opened, ground)), ...(await tenancy(opened))];
  } finally {
    await opened.close();
  }
};

function roleOf({ version, number, role, database, superuser, monitors }: Facts): Finding[] {
  const findings = [fine(`PostgreSQL ${version} answers as ${role} on ${database}`)];
  if (number < OLDEST) findings.push(wrong(`PostgreSQL ${version} is older than 15`, 'upgrade the database'));
  if (superuser) {
    findings.push(warning(`${role} is a superuser, which it need not be`, `ALTER ROLE ${role} NOSUPERUSER`));
  }
  if (!monitors) {
    const says = `${role} sees nothing of other roles in pg_stat_activity`;
    findings.push(warning(says, `GRANT pg_monitor TO ${role}`));
  }
  return findings;
}

async function budget(opened: OpenedDatabase, { loaded, replicas }: Ground): Promise<Finding[]> {
  const { max_connections: pool } = loaded.settings.database;
  const { servers, needed, given } = await connectionBudget(opened, pool, replicas);
  const sum = `${servers} servers of ${pool} connections are ${needed}, and PostgreSQL gives ${given}`;
  if (needed <= given) return [fine(sum)];
  const each = Math.max(2, Math.floor(given / servers));
  return [wrong(sum, `set VAULT__DATABASE__MAX_CONNECTIONS=${each}, or raise max_connections of PostgreSQL`)];
}

async function tenancy(opened: OpenedDatabase): Promise<Finding[]> {
  try {
    await opened.ready();
    return [fine('row-level security holds for the server')];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // What is missing there is told under migrations.
    if (code === 'schema-behind') return [];
    return [wrong(reasonOf(error), 'see docs/deployment: the role of the server')];
  }
}
